/*
 * Look-ups of a questions file in one dnstable file, each answer read to its end or to 10,000 entries without making text of it: one JSON line.
 * Questions are lines "kind<TAB>argument" as "stores --quick --questions FILE" writes them.
 *
 *   dnstable_lookups FILE.mtbl QUESTIONS [json]      with "json": every entry is also made JSON, as dnstable_lookup -j prints it
 */
#include <dnstable.h>
#include <mtbl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_ENTRIES = 10000, MOST_QUESTIONS = 1 << 20 };
static const char *const kinds[] = { "name", "miss", "ip", "cidr24", "subtree", "right" };
enum { KINDS = sizeof kinds / sizeof *kinds };

typedef struct { int kind; char *argument; } question;

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static long ask(struct dnstable_reader *reader, const question *q, int json)
{
	int address = q->kind == 2 || q->kind == 3;
	struct dnstable_query *query = dnstable_query_init(address ? DNSTABLE_QUERY_TYPE_RDATA_IP : DNSTABLE_QUERY_TYPE_RRSET);
	if (dnstable_query_set_data(query, q->argument) != dnstable_res_success) {
		fprintf(stderr, "%s: %s\n", q->argument, dnstable_query_get_error(query));
		exit(1);
	}
	struct dnstable_iter *it = dnstable_reader_query(reader, query);
	struct dnstable_entry *e;
	long n = 0;
	while (n < MOST_ENTRIES && dnstable_iter_next(it, &e) == dnstable_res_success) {
		n++; /* an RRset, or for addresses a record: what a row is in the library's answers */
		if (json) free(dnstable_entry_to_json(e));
		dnstable_entry_destroy(&e);
	}
	dnstable_iter_destroy(&it);
	dnstable_query_destroy(&query);
	return n;
}

int main(int argc, char **argv)
{
	static char line[1024];
	if (argc < 3) return 2;
	int json = argc > 3 && strcmp(argv[3], "json") == 0;
	FILE *f = fopen(argv[2], "r");
	question *all = calloc(MOST_QUESTIONS, sizeof *all);
	size_t count = 0;
	while (f && count < MOST_QUESTIONS && fgets(line, sizeof line, f)) {
		char *tab = strchr(line, '\t');
		if (!tab) continue;
		*tab = 0;
		tab[1 + strcspn(tab + 1, "\n")] = 0;
		for (int k = 0; k < KINDS; k++) {
			if (strcmp(kinds[k], line) == 0) all[count++] = (question){ k, strdup(tab + 1) };
		}
	}
	struct mtbl_reader *file = mtbl_reader_init(argv[1], NULL);
	if (!file || !count) {
		fprintf(stderr, "cannot read %s or %s\n", argv[1], argv[2]);
		return 1;
	}
	struct dnstable_reader *reader = dnstable_reader_init(mtbl_reader_source(file));
	double *times = calloc(count, sizeof *times), p50[KINDS], p99[KINDS], per_row[KINDS];
	long rows[KINDS] = { 0 };
	for (int k = 0; k < KINDS; k++) {
		size_t n = 0;
		double sum = 0;
		for (int round = 0; round < 2; round++) { /* the first one warms up */
			n = 0, sum = 0, rows[k] = 0;
			for (size_t i = 0; i < count; i++) {
				if (all[i].kind != k) continue;
				double start = now_us();
				rows[k] += ask(reader, &all[i], json);
				sum += times[n++] = now_us() - start;
			}
		}
		qsort(times, n, sizeof *times, by_value);
		p50[k] = n ? times[n / 2] : 0;
		p99[k] = n ? times[n * 99 / 100] : 0;
		per_row[k] = rows[k] ? sum / rows[k] : 0;
	}
	double *value[] = { p50, p99, per_row };
	printf("{\"store\":\"dnstable%s\",\"file\":\"%s\"", json ? " to JSON" : "", argv[1]);
	for (int v = 0; v < 3; v++) {
		for (int k = 0; k < KINDS; k++) printf("%s\"%s\":%.2f", k ? "," : v == 0 ? ",\"p50_us\":{" : v == 1 ? ",\"p99_us\":{" : ",\"us_per_row\":{", kinds[k], value[v][k]);
		printf("}");
	}
	printf(",\"answered\":{");
	for (int k = 0; k < KINDS; k++) printf("%s\"%s\":%ld", k ? "," : "", kinds[k], rows[k]);
	printf("}}\n");
	return 0;
}
