/*
 * A capture file to distinct (owner, type, rdata) tuples with libpcap and libwdns: what the step after nmsg's dnsqr module must do at the least
 * before rows can be stored. Responses over UDP alone, whole packets, Ethernet; no check of bailiwick, no times, no counts.
 *
 *   wdns_tuples FILE [parse]      with "parse": messages are parsed and cleared, nothing is kept
 */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wdns.h>

#define SLOTS (1u << 24) /* of the set of hashes, 128 MB: enough for a few million tuples */

static uint64_t *seen;
static uint64_t packets, responses, records, distinct, failed;

static uint64_t mix(uint64_t h, const uint8_t *p, size_t n)
{
	for (; n >= 8; p += 8, n -= 8) {
		uint64_t v;
		memcpy(&v, p, 8);
		h = (h ^ v) * 0x9e3779b97f4a7c15ull;
		h ^= h >> 29;
	}
	uint64_t v = n;
	for (size_t i = 0; i < n; i++) v = v << 8 | p[i];
	h = (h ^ v) * 0x9e3779b97f4a7c15ull;
	return h ^ h >> 32;
}

static void keep(const wdns_rr_t *rr)
{
	uint64_t h = mix(rr->rrtype, rr->name.data, rr->name.len);
	h = mix(h, rr->rdata->data, rr->rdata->len) | 1;
	for (uint32_t i = (uint32_t)(h >> 40);; i++) {
		uint64_t *slot = &seen[i & (SLOTS - 1)];
		if (*slot == h) return;
		if (*slot == 0) {
			*slot = h;
			distinct++;
			return;
		}
	}
}

static void message(const uint8_t *p, size_t n, int parse_only)
{
	wdns_message_t m;
	if (n < 12 || !(p[2] & 0x80)) return;
	if (wdns_parse_message(&m, p, n) != wdns_res_success) {
		failed++;
		return;
	}
	responses++;
	for (int s = 1; s < 4; s++) {
		for (unsigned i = 0; i < m.sections[s].n_rrs; i++) {
			wdns_rr_t *rr = &m.sections[s].rrs[i];
			if (rr->rdata == NULL) continue;
			records++;
			if (parse_only) continue;
			wdns_downcase_name(&rr->name);
			wdns_downcase_rdata(rr->rdata, rr->rrtype, rr->rrclass);
			keep(rr);
		}
	}
	wdns_clear_message(&m);
}

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE];
	if (argc < 2) return 2;
	pcap_t *file = pcap_open_offline(argv[1], error);
	if (!file) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	int parse_only = argc > 2 && strcmp(argv[2], "parse") == 0;
	seen = calloc(SLOTS, sizeof *seen);
	struct pcap_pkthdr *h;
	const u_char *p;
	while (pcap_next_ex(file, &h, &p) == 1) {
		size_t at = 14, n = h->caplen;
		packets++;
		if (n < at + 28) continue;
		if (p[12] == 0x08 && p[13] == 0x00 && p[at + 9] == 17) at += (p[at] & 15) * 4u;
		else if (p[12] == 0x86 && p[13] == 0xdd && n >= at + 48 && p[at + 6] == 17) at += 40;
		else continue;
		if (n < at + 8 || p[at] != 0 || p[at + 1] != 53) continue;
		message(p + at + 8, n - at - 8, parse_only);
	}
	printf("{\"peer\":\"wdns %s\",\"packets\":%llu,\"responses\":%llu,\"records\":%llu,\"distinct\":%llu,\"failed\":%llu}\n", parse_only ? "parse" : "tuples",
	       (unsigned long long)packets, (unsigned long long)responses, (unsigned long long)records, (unsigned long long)distinct, (unsigned long long)failed);
	return 0;
}
