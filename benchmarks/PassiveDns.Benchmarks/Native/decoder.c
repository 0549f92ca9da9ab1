/*
 * ResponseDecoder, in C: the same algorithm, so that the same work by another compiler can be measured beside it. It visits every record,
 * expands and folds owner names and the names in rdata, hashes name, type and data, and keeps one table of names for each message.
 *
 * What the corpora have is complete: every hash sum must equal that of ResponseDecoder, and the benchmark checks that message by message
 * before it measures. Types and damage that they hardly have (see take_other) are not ported; such messages are counted, not compared.
 *
 * Built by the benchmark: cc -O3 -march=native -shared -fPIC decoder.c
 */
#include <immintrin.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    GUARD = 64, ROOM = 4096, INITIAL = 1 << 16, HEADER = 12, FIXED = 10, MAX_NAME = 255, MAX_LABEL = 63, MAX_LABELS = 127, MAX_POINTERS = 126, MAX_DATA = 65535,
    SLOTS = 64, ROOT_SLOT = SLOTS, SPARE_SLOT = SLOTS + 1, OFFSET_BITS = 14, MAX_DEPTH = 3, MAX_RECORDS = 4096
};

enum { SOUND = 0, REFUSED = 1, NOT_PORTED = 2 };

typedef struct { int32_t start; uint8_t length, labels, pointers; } name_place;
typedef struct { uint64_t hash; name_place place; uint32_t tag; } name_slot;

typedef struct {
    uint64_t owner_hash, data_hash, fixed_part;
    name_place owner;
    int32_t data_start;
    uint16_t data_length;
    uint8_t section, status;
} record;

typedef enum { OTHER, FIXED_DATA, FOLDED_NAME, FOLDED_NAMES, KEPT_NAME, REST, UNKNOWN } form;
typedef enum { NONE, STRINGS, DIGEST, BASE64, BITMAP, PARAMS, HASHED_OWNER, PROPERTY } last_field;
typedef struct { uint8_t form, lead, names, trail, last, compresses; } shape;

static const shape shapes[512] = {
    [1] = { FIXED_DATA, 4 }, [28] = { FIXED_DATA, 16 },
    [2] = { FOLDED_NAME, 0, 1, 0, NONE, 1 }, [5] = { FOLDED_NAME, 0, 1, 0, NONE, 1 }, [12] = { FOLDED_NAME, 0, 1, 0, NONE, 1 },
    [39] = { FOLDED_NAME, 0, 1 },
    [6] = { FOLDED_NAMES, 0, 2, 20, NONE, 1 }, [15] = { FOLDED_NAMES, 2, 1, 0, NONE, 1 }, [33] = { FOLDED_NAMES, 6, 1, 0, NONE, 1 },
    [16] = { REST, 0, 0, 0, STRINGS }, [99] = { REST, 0, 0, 0, STRINGS },
    [43] = { REST, 4, 0, 0, DIGEST }, [48] = { REST, 4, 0, 0, BASE64 },
    [46] = { KEPT_NAME, 18, 1, 0, BASE64 }, [47] = { KEPT_NAME, 0, 1, 0, BITMAP },
    [64] = { KEPT_NAME, 2, 1, 0, PARAMS }, [65] = { KEPT_NAME, 2, 1, 0, PARAMS },
    [50] = { OTHER, 0, 0, 0, HASHED_OWNER }, [257] = { OTHER, 0, 0, 0, PROPERTY },
    [10] = { UNKNOWN }, [41] = { UNKNOWN },
};
static const shape unknown = { .form = UNKNOWN };

static __m128i key_lane0, key_lane1, key_round1, key_round2, idle_lane1;

static uint8_t *octets;
static int capacity, length, used;
static name_slot slots[SLOTS + 2];
static uint32_t generation;
static record *records;
static record question;
static uint64_t root_hash;
static int not_ported;

static const uint8_t masks[64] = {
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
};

static inline __m256i load(const uint8_t *at) { return _mm256_loadu_si256((const __m256i *)at); }
static inline void store(uint8_t *at, __m256i v) { _mm256_storeu_si256((__m256i *)at, v); }
static inline __m256i mask(int count) { return load(masks + 32 - count); }
static inline int read16(const uint8_t *at) { return at[0] << 8 | at[1]; }

/* the hash: OctetHash */

typedef struct { __m128i lane0, lane1; } lanes;

static inline __m128i scramble(__m128i lane) { return _mm_aesenc_si128(_mm_aesenc_si128(lane, key_round1), key_round2); }

static inline lanes absorb(lanes l, __m256i block)
{
    l.lane0 = scramble(_mm_xor_si128(l.lane0, _mm256_castsi256_si128(block)));
    l.lane1 = scramble(_mm_xor_si128(l.lane1, _mm256_extracti128_si256(block, 1)));
    return l;
}

static inline uint64_t finish(lanes l, int count)
{
    __m128i joined = _mm_xor_si128(_mm_xor_si128(l.lane0, l.lane1), _mm_cvtsi32_si128(count));
    joined = _mm_aesenc_si128(joined, key_round1);
    return (uint64_t)_mm_cvtsi128_si64(joined) ^ (uint64_t)_mm_extract_epi64(joined, 1);
}

static inline uint64_t hash_short(__m256i block, int count) { return finish(absorb((lanes){ key_lane0, key_lane1 }, block), count); }

static inline uint64_t hash_at(int start, int count)
{
    lanes l = { key_lane0, key_lane1 };
    const uint8_t *at = octets + start;
    int rest = count;
    for (; rest > 32; rest -= 32, at += 32) l = absorb(l, load(at));
    return finish(absorb(l, _mm256_and_si256(load(at), mask(rest))), count);
}

/* 0 to 16 octets leave the second lane alone */
static inline uint64_t hash_few_at(int start, int count)
{
    __m128i block = _mm_and_si128(_mm_loadu_si128((const __m128i *)(octets + start)), _mm_loadu_si128((const __m128i *)(masks + 32 - count)));
    return finish((lanes){ scramble(_mm_xor_si128(key_lane0, block)), idle_lane1 }, count);
}

static inline uint64_t combine(uint64_t owner, uint16_t type, uint64_t data)
{
    unsigned __int128 product = (unsigned __int128)(owner ^ (uint64_t)type << 32) * ((data << 29 | data >> 35) | 1);
    return (uint64_t)(product >> 64) ^ (uint64_t)product ^ data;
}

/* names */

static inline __m256i fold(__m256i v)
{
    __m256i upper = _mm256_cmpgt_epi8(_mm256_add_epi8(v, _mm256_set1_epi8(37)), _mm256_set1_epi8(101));
    return _mm256_or_si256(v, _mm256_and_si256(upper, _mm256_set1_epi8(0x20)));
}

static inline void copy_wide(int from, int to, int count)
{
    for (int i = 0; i < count; i += 32) store(octets + to + i, load(octets + from + i));
}

static inline int64_t found(int slot, int next) { return (int64_t)next << 32 | (uint32_t)slot; }
static inline int read_pointer(int at) { return (octets[at] & 0x3F) << 8 | octets[at + 1]; }

static inline int slot_of(int offset) { return (offset ^ offset >> 4) & (SLOTS - 1); }

static inline int is_name(int slot, int offset) { return slots[slot].tag == (generation | (uint32_t)offset); }

static inline int add_name(int offset, int count, int labels, int pointers, uint64_t hash)
{
    int slot = offset >> OFFSET_BITS == 0 ? slot_of(offset) : SPARE_SLOT;
    slots[slot] = (name_slot){ hash, { used, (uint8_t)count, (uint8_t)labels, (uint8_t)pointers }, generation | (uint32_t)offset };
    used += count;
    return slot;
}

static uint64_t __attribute__((noinline)) fold_long(int from, int run, int rest_start, int rest_length)
{
    for (int i = 0; i < run; i += 32) store(octets + used + i, fold(load(octets + from + i)));
    copy_wide(rest_start, used + run, rest_length);
    return hash_at(used, run + rest_length);
}

static int64_t expand(int at, int depth);

/* what a pointer leads to; a pointer to a pointer gets a slot too */
static int expand_target(int target, int depth)
{
    if (depth == MAX_DEPTH || used - length > INITIAL) return -1;
    int64_t name = expand(target, depth + 1);
    if (name < 0) return -1;
    if (octets[target] < 0xC0) return (int)name;
    name_slot alias = slots[(int)name];
    if (alias.place.pointers >= MAX_POINTERS - 1) return -1;
    alias.tag = generation | (uint32_t)target;
    alias.place.pointers++;
    slots[slot_of(target)] = alias;
    return slot_of(target);
}

static int64_t __attribute__((noinline)) expand_pointer(int at, int target, int depth)
{
    int known = expand_target(target, depth);
    return known < 0 ? -1 : found(known, at + 2);
}

static int64_t __attribute__((noinline)) join_long(int at, int run, int labels, int known)
{
    name_place rest = slots[known].place;
    int count = run + rest.length;
    if (count > MAX_NAME || rest.pointers >= MAX_POINTERS - 1) return -1;
    uint64_t hash = fold_long(at, run, rest.start, rest.length);
    return found(add_name(at, count, labels + rest.labels, rest.pointers + 1, hash), at + run + 2);
}

static inline int64_t join(__m256i head, int at, int run, int labels, int known)
{
    name_slot *rest = &slots[known];
    int count = run + rest->place.length;
    if (count > 32) return join_long(at, run, labels, known);
    if (rest->place.pointers >= MAX_POINTERS - 1) return -1;
    head = _mm256_and_si256(_mm256_blendv_epi8(load(octets + rest->place.start - run), head, mask(run)), mask(count));
    store(octets + used, head);
    return found(add_name(at, count, labels + rest->place.labels, rest->place.pointers + 1, hash_short(head, count)), at + run + 2);
}

static int64_t __attribute__((noinline)) join_unknown(int at, int run, int labels, int suffix, int depth)
{
    int known = expand_target(suffix, depth);
    return known < 0 ? -1 : join(fold(load(octets + at)), at, run, labels, known);
}

static int64_t __attribute__((noinline)) add_long(int at, int run, int labels)
{
    uint64_t hash = fold_long(at, run + 1, 0, 0);
    return found(add_name(at, run + 1, labels, 0, hash), at + run + 1);
}

static int64_t __attribute__((noinline)) expand(int at, int depth)
{
    uint32_t octet = octets[at];
    if (octet >= 0xC0) {
        int target = read_pointer(at);
        if (target < HEADER || target >= at || at + 1 >= length) return -1;
        int slot = slot_of(target);
        return is_name(slot, target) ? found(slot, at + 2) : expand_pointer(at, target, depth);
    }

    __m256i head = fold(load(octets + at));
    int end = at, labels = 0;
    for (; octet - 1 < MAX_LABEL && labels <= MAX_LABELS; octet = octets[end], labels++) end += (int)octet + 1;

    int run = end - at;
    if (octet == 0) {
        if (end >= length || run >= MAX_NAME) return -1;
        if (run == 0) return found(ROOT_SLOT, end + 1);
        if (run >= 32) return add_long(at, run, labels);
        store(octets + used, head);
        run++;
        return found(add_name(at, run, labels, 0, hash_short(_mm256_and_si256(head, mask(run)), run)), end + 1);
    }

    if (octet < 0xC0 || end + 1 >= length) return -1;
    int suffix = read_pointer(end);
    if (suffix < HEADER || suffix >= at) return -1;
    int known = slot_of(suffix);
    return is_name(known, suffix) ? join(head, at, run, labels, known) : join_unknown(at, run, labels, suffix, depth);
}

/* the judge of what expand does not like: WireName.Read and CopyCanonicalTo */
static int64_t __attribute__((noinline)) expand_slowly(int at)
{
    int run_start = at, count = 0, labels = 0, pointers = 0, behind = -1, to = used;
    for (;;) {
        if (at >= length) return -1;
        int octet = octets[at];
        if (octet == 0) break;
        if (octet <= MAX_LABEL) {
            count += octet + 1;
            if (count + 1 > MAX_NAME) return -1;
            labels++;
            octets[to++] = (uint8_t)octet;
            for (int i = 1; i <= octet; i++, to++) {
                uint8_t c = octets[at + i];
                octets[to] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
            }
            at += octet + 1;
            continue;
        }
        if (octet < 0xC0 || at + 1 >= length) return -1;
        int target = read_pointer(at);
        if (target < HEADER || target >= run_start || ++pointers > MAX_POINTERS) return -1;
        if (behind < 0) behind = at + 2;
        at = run_start = target;
    }

    octets[to++] = 0;
    slots[SPARE_SLOT] = (name_slot){ hash_at(used, count + 1), { used, (uint8_t)(count + 1), (uint8_t)labels, 0 }, 0 };
    used = to;
    return found(SPARE_SLOT, behind < 0 ? at + 1 : behind);
}

static inline int skip_plain_name(int at)
{
    int limit = at + MAX_NAME;
    uint32_t octet = octets[at];
    for (; octet - 1 < MAX_LABEL && at < limit; octet = octets[at]) at += (int)octet + 1;
    return octet == 0 && at < limit ? at + 1 : 0;
}

/* rdata */

static int take_rest(int last, int at, int end)
{
    switch (last) {
        case NONE: return at == end;
        case BASE64: return at < end;
        case BITMAP: return at + 2 < end && octets[at] == 0 && octets[at + 1] <= 32 && octets[at + 1] + 2 == end - at && octets[end - 1] != 0;
        case DIGEST: {
            int digest = octets[at - 1];
            int expected = digest == 1 ? 20 : digest == 2 || digest == 3 || digest == 5 || digest == 6 ? 32 : digest == 4 ? 48 : 0;
            return end > at && (expected == 0 || end - at == expected);
        }
        case STRINGS:
            if (at == end) return 0;
            while (at < end) at += octets[at] + 1;
            return at == end;
        case PARAMS: { /* keys in rising order; what they hold is judged for the status alone, which has no part in the sums */
            while (at + 4 <= end && at + 4 + read16(octets + at + 2) <= end) at += 4 + read16(octets + at + 2);
            return at == end;
        }
        default: return 0;
    }
}

static int take_folded_name(record *r, const shape *s, int at, int count)
{
    if (count == 0) return 0;
    int64_t name = expand(at, 0);
    if (name >> 32 != at + count) return 0;
    name_slot *n = &slots[(int)name];
    r->data_start = n->place.start;
    r->data_length = n->place.length;
    r->data_hash = n->hash;
    if (!s->compresses && count != n->place.length) r->status = 1;
    return 1;
}

static int take_folded_names(record *r, const shape *s, int at, int end)
{
    int next = at + s->lead;
    if (next >= end) return 0;
    int64_t name = expand(next, 0);
    if (name < 0) return 0;
    name_place name1 = slots[(int)name].place, name2 = { 0 };
    int plain = (name >> 32) - next == name1.length;
    next = (int)(name >> 32);
    if (s->names == 2) {
        if (next >= end) return 0;
        name = expand(next, 0);
        if (name < 0) return 0;
        name2 = slots[(int)name].place;
        plain &= (name >> 32) - next == name2.length;
        next = (int)(name >> 32);
    }

    if (next + s->trail != end) return 0;
    int to = used;
    r->data_start = to;
    copy_wide(at, to, s->lead);
    to += s->lead;
    copy_wide(name1.start, to, name1.length);
    to += name1.length;
    copy_wide(name2.start, to, name2.length);
    to += name2.length;
    copy_wide(next, to, s->trail);
    used = to + s->trail;
    r->data_length = (uint16_t)(used - r->data_start);
    if (!s->compresses && !plain) r->status = 1;
    return 1;
}

/* what has no simple shape, or is damaged: sound NSEC3 and CAA as ResponseDecoder takes them, by a walk and a copy; nothing else is ported */
static void __attribute__((noinline)) take_other(record *r, const shape *s, int at, int count)
{
    int from = at, end = at + count, sound = 0;
    if (s->last == HASHED_OWNER) {
        at += 4;
        if (at < end) at += octets[at] + 1;
        sound = at < end && octets[at] > 0;
        if (sound) at += octets[at] + 1;
        sound = sound && at <= end;
        while (sound && at < end) {
            sound = at + 2 < end && at + 2 + octets[at + 1] <= end;
            if (sound) at += 2 + octets[at + 1];
        }
    } else if (s->last == PROPERTY) {
        sound = count > 2 && octets[at + 1] > 0 && at + 2 + octets[at + 1] <= end;
    }

    if (!sound) {
        not_ported = 1;
        return;
    }

    memcpy(octets + used, octets + from, (size_t)count);
    r->data_start = used;
    r->data_length = (uint16_t)count;
    used += count;
}

static void decode_data(record *r, int type, int at, int count)
{
    const shape *s = type < 512 ? &shapes[type] : type == 32768 || type == 32769 ? &shapes[43] : &unknown;
    r->data_start = at;
    r->data_length = (uint16_t)count;
    r->status = 0;
    int end = at + count, taken = 0;
    if (s->form == FIXED_DATA) {
        if (count == s->lead) {
            r->data_hash = hash_few_at(at, count);
            return;
        }
    } else if (s->form == FOLDED_NAME) {
        if (take_folded_name(r, s, at, count)) return;
    } else if (s->form == KEPT_NAME) {
        int behind = count > s->lead ? skip_plain_name(at + s->lead) : 0;
        taken = behind != 0 && behind <= end && take_rest(s->last, behind, end);
    } else if (s->form == REST) {
        taken = count >= s->lead && take_rest(s->last, at + s->lead, end);
    } else if (s->form == FOLDED_NAMES) {
        taken = take_folded_names(r, s, at, end);
    } else {
        taken = s->form == UNKNOWN;
    }

    if (!taken) take_other(r, s, at, count);
    r->data_hash = hash_at(r->data_start, r->data_length);
}

static inline void take_owner(record *r, int slot)
{
    name_slot *n = &slots[slot];
    r->owner = n->place;
    r->owner_hash = n->hash;
}

static int options_are_sound(int at, int end)
{
    while (at < end) {
        if (end - at < 4) return 0;
        at += 4 + read16(octets + at + 2);
        if (at > end) return 0;
    }
    return 1;
}

/* the number of records, or -1 */
static int decode(const uint8_t *message, int count)
{
    int needed = count + GUARD + ROOM;
    if (capacity < needed) {
        capacity = needed > INITIAL ? needed : INITIAL;
        octets = realloc(octets, (size_t)capacity);
    }
    memcpy(octets, message, (size_t)count);
    memset(octets + count, 0, GUARD);
    length = count;
    used = count + GUARD;
    generation += 1u << OFFSET_BITS;
    if (generation == 0) {
        memset(slots, 0, sizeof slots);
        generation = 1u << OFFSET_BITS;
    }
    slots[ROOT_SLOT] = (name_slot){ root_hash, { count, 1, 0, 0 }, 0 };

    if (length < HEADER) return -1;
    int questions = read16(octets + 4), answers = read16(octets + 6), authorities = read16(octets + 8), additionals = read16(octets + 10);
    int all = answers + authorities + additionals;
    if (questions > 1 || all > MAX_RECORDS || all * (1 + FIXED) > length - HEADER) return -1;

    int at = HEADER;
    question.owner.length = 0;
    if (questions) {
        int64_t name = expand(at, 0);
        if (name < 0 && (name = expand_slowly(at)) < 0) return -1;
        at = (int)(name >> 32);
        if (at + 4 > length) return -1;
        take_owner(&question, (int)name);
        uint32_t asked;
        memcpy(&asked, octets + at, sizeof asked);
        question.fixed_part = (uint64_t)__builtin_bswap32(asked) << 32;
        at += 4;
    }

    int has_opt = 0, budget = 16 * length + 65536 - question.owner.length;
    int authority = answers, additional = answers + authorities;
    for (int i = 0; i < all; i++) {
        if (capacity - used < ROOM) octets = realloc(octets, (size_t)(capacity = 2 * capacity + ROOM));
        int target = read16(octets + at) - 0xC000, slot = slot_of(target), next = at + 2;
        if (target < 0 || !is_name(slot, target)) {
            int64_t name = expand(at, 0);
            if (name < 0 && (name = expand_slowly(at)) < 0) return -1;
            slot = (int)name;
            next = (int)(name >> 32);
        }

        record *r = &records[i];
        take_owner(r, slot);
        if ((budget -= r->owner.length) < 0) return -1;
        if (next + FIXED > length) return -1;
        uint64_t fixed;
        memcpy(&fixed, octets + next, sizeof fixed);
        r->fixed_part = fixed = __builtin_bswap64(fixed);
        int data = read16(octets + next + 8), type = (int)(fixed >> 48);
        next += FIXED;
        if (next + data > length) return -1;
        r->section = i < authority ? 1 : i < additional ? 2 : 3;
        if (type == 41) {
            if (has_opt || i < additional || r->owner.length != 1) return -1;
            has_opt = 1;
            if (!options_are_sound(next, next + data)) return -1;
        }

        decode_data(r, type, next, data);
        at = next + data;
    }

    return all;
}

/* what the benchmark calls */

void decoder_start(const uint8_t *keys) /* four times 16 octets */
{
    key_lane0 = _mm_loadu_si128((const __m128i *)keys);
    key_lane1 = _mm_loadu_si128((const __m128i *)keys + 1);
    key_round1 = _mm_loadu_si128((const __m128i *)keys + 2);
    key_round2 = _mm_loadu_si128((const __m128i *)keys + 3);
    idle_lane1 = scramble(key_lane1);
    root_hash = hash_short(_mm256_setzero_si256(), 1);
    if (records == NULL) records = malloc(MAX_RECORDS * sizeof *records);
}

/* SOUND with the sum of the records' hashes, REFUSED with 0, or NOT_PORTED */
int decoder_read(const uint8_t *message, int count, uint64_t *sum)
{
    *sum = 0;
    not_ported = 0;
    int all = decode(message, count);
    for (int i = 0; i < all; i++) *sum += combine(records[i].owner_hash, (uint16_t)(records[i].fixed_part >> 48), records[i].data_hash);
    return all < 0 ? REFUSED : not_ported ? NOT_PORTED : SOUND;
}
