/*
 * The yardstick of bench:hot: what one TCE costs in C, on 64-bit entries.
 *
 * Each operation does the work of a real-mode handler of the v3 patch, step by step, with the atomics of a
 * kernel that has several CPUs:
 *   table by LIOBN (four on a list, the one asked for last), alignment, window and reserved bits,
 *   gpa to user address (three memory slots, the last hit first, else a search),
 *   region of the user address (two on a list, the one asked for last), host address from its page array,
 *   mapped count up unless 0, exchange of the big-endian hardware entry, mapped count down unless 1 for what the
 *   entry named before, userspace view, guest view.
 * It counts no operations and marks no page dirty; the handlers that it is compared with do both.
 *
 * Prints one line for each figure, its name and nanoseconds of this thread's CPU time per TCE, the best of all
 * slices. Exit code 1 where any call failed or the mapped count does not end where it began.
 *
 * Usage: reference SLICES
 *
 * Longer than other files: the compiler must see all of a handler at once, as the kernel's does.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef uint64_t u64;

#define TCE_READ 1ull
#define TCE_WRITE 2ull
#define TCE_PERMISSIONS (TCE_READ | TCE_WRITE)

#define H_SUCCESS 0
#define H_HARDWARE (-1)
#define H_PARAMETER (-4)
#define H_TOO_HARD 9999

#define IOMMU_PAGE_SHIFT 12
#define HOST_PAGE_SHIFT 16
#define LIST_BYTES 4096ull
#define MAX_LIST 512ull

/* The geometry that bench/hot-host.ts has too. */
#define WINDOW_ENTRIES (1ull << 19)
#define POOL_PAGES 4096ull
#define CHUNK_ENTRIES 8192ull
#define CHUNKS_PER_SLICE 64
#define SLOT_BYTES (64ull << 20)
#define USER_START 0x200000000000ull
#define HPA_XOR 0x300A55000000ull
#define LIOBN 0x80000003ull
#define POOL_GPA (2 * SLOT_BYTES)
#define LIST_GPA (POOL_GPA + (32ull << 20))

struct region {
  struct region *next;
  u64 ua, bytes;
  long mapped;
  u64 *hpas; /* of each host page */
};

struct memslot {
  u64 gfn, npages, ua;
};

struct hardware_table {
  u64 page_shift, offset, size;
  u64 *entries;        /* big-endian */
  u64 *user_addresses; /* the userspace view */
};

struct guest_view {
  struct guest_view *next;
  u64 liobn, page_shift, offset, size;
  struct hardware_table *hardware;
  u64 *entries;
};

static struct guest_view *views;
static struct region *regions;
static struct memslot slots[3];
static int last_slot;
static unsigned char *user_memory;

static struct guest_view *find_view(u64 liobn) {
  for (struct guest_view *view = views; view; view = view->next)
    if (view->liobn == liobn) return view;
  return NULL;
}

static bool in_slot(const struct memslot *slot, u64 gfn) {
  return gfn >= slot->gfn && gfn < slot->gfn + slot->npages;
}

static bool gpa_to_ua(u64 gpa, u64 *ua) {
  u64 gfn = gpa >> HOST_PAGE_SHIFT;
  struct memslot *slot = &slots[last_slot];
  if (!in_slot(slot, gfn)) {
    int i = 0;
    while (i < 3 && !in_slot(&slots[i], gfn)) i++;
    if (i == 3) return false;
    last_slot = i;
    slot = &slots[i];
  }
  *ua = slot->ua + ((gfn - slot->gfn) << HOST_PAGE_SHIFT) + (gpa & ((1ull << HOST_PAGE_SHIFT) - 1));
  return true;
}

static struct region *find_region(u64 ua, u64 bytes) {
  for (struct region *region = regions; region; region = region->next)
    if (region->ua <= ua && ua + bytes <= region->ua + region->bytes) return region;
  return NULL;
}

static u64 ua_to_hpa(const struct region *region, u64 ua) {
  return region->hpas[(ua - region->ua) >> HOST_PAGE_SHIFT] | (ua & ((1ull << HOST_PAGE_SHIFT) - 1));
}

/* Up unless 0: a region that is being removed takes no new mapping. */
static bool mapped_inc(struct region *region) {
  long mapped = __atomic_load_n(&region->mapped, __ATOMIC_RELAXED);
  while (mapped != 0)
    if (__atomic_compare_exchange_n(&region->mapped, &mapped, mapped + 1, false, __ATOMIC_SEQ_CST,
                                    __ATOMIC_RELAXED))
      return true;
  return false;
}

/* Down unless 1. */
static void mapped_dec(struct region *region) {
  long mapped = __atomic_load_n(&region->mapped, __ATOMIC_RELAXED);
  while (mapped != 1)
    if (__atomic_compare_exchange_n(&region->mapped, &mapped, mapped - 1, false, __ATOMIC_SEQ_CST,
                                    __ATOMIC_RELAXED))
      return;
}

/* The old permission bits; write permission implies read in hardware. A misaligned address stops the host. */
static u64 exchange(struct hardware_table *table, u64 entry, u64 hpa, u64 permissions) {
  if (hpa & ((1ull << table->page_shift) - 1)) abort();
  u64 word = hpa | permissions | (permissions & TCE_WRITE ? TCE_READ : 0);
  return be64toh(__atomic_exchange_n(&table->entries[entry], htobe64(word), __ATOMIC_SEQ_CST)) & TCE_PERMISSIONS;
}

static long uncount(struct hardware_table *table, u64 entry) {
  u64 *ua = &table->user_addresses[entry];
  struct region *region = find_region(*ua, 1ull << table->page_shift);
  if (!region) return H_HARDWARE;
  mapped_dec(region);
  *ua = 0;
  return H_SUCCESS;
}

static long clear(struct hardware_table *table, u64 entry) {
  return exchange(table, entry, 0, 0) ? uncount(table, entry) : H_SUCCESS;
}

static long map(struct hardware_table *table, u64 entry, u64 tce) {
  u64 ua;
  if (!table->user_addresses) return H_TOO_HARD;
  if (!gpa_to_ua(tce & ~TCE_PERMISSIONS, &ua)) return H_HARDWARE;
  struct region *region = find_region(ua, 1ull << table->page_shift);
  if (!region) return H_HARDWARE;
  u64 hpa = ua_to_hpa(region, ua);
  if (!mapped_inc(region)) return H_HARDWARE;
  if (exchange(table, entry, hpa, tce & TCE_PERMISSIONS)) uncount(table, entry);
  table->user_addresses[entry] = ua;
  return H_SUCCESS;
}

static bool in_window(u64 page_shift, u64 offset, u64 size, u64 ioba, u64 npages) {
  u64 entry = ioba >> page_shift;
  return !(ioba & ((1ull << page_shift) - 1)) && entry >= offset && entry - offset + npages <= size &&
         entry + npages >= entry;
}

static bool has_reserved_bits(u64 page_shift, u64 tce) {
  return tce & ((1ull << page_shift) - 1) & ~TCE_PERMISSIONS;
}

static bool hardware_takes(const struct hardware_table *table, u64 ioba, u64 tce, u64 npages) {
  return !has_reserved_bits(table->page_shift, tce) &&
         in_window(table->page_shift, table->offset, table->size, ioba, npages);
}

__attribute__((noinline)) static long h_put_tce(u64 liobn, u64 ioba, u64 tce) {
  struct guest_view *view = find_view(liobn);
  if (!view) return H_TOO_HARD;
  if (!in_window(view->page_shift, view->offset, view->size, ioba, 1)) return H_PARAMETER;
  if (has_reserved_bits(view->page_shift, tce)) return H_PARAMETER;
  struct hardware_table *table = view->hardware;
  if (!hardware_takes(table, ioba, tce, 1)) return H_PARAMETER;
  u64 entry = (ioba >> table->page_shift) - table->offset;
  long code = tce & TCE_PERMISSIONS ? map(table, entry, tce) : clear(table, entry);
  if (code != H_SUCCESS) return code;
  view->entries[entry] = tce;
  return H_SUCCESS;
}

/* The list is guest memory, which may change at any time: each of the three passes reads it. */
__attribute__((noinline)) static long h_put_tce_indirect(u64 liobn, u64 ioba, u64 list_gpa, u64 npages) {
  struct guest_view *view = find_view(liobn);
  if (!view) return H_TOO_HARD;
  if (npages > MAX_LIST || list_gpa & (LIST_BYTES - 1)) return H_PARAMETER;
  if (!in_window(view->page_shift, view->offset, view->size, ioba, npages)) return H_PARAMETER;
  u64 list_ua;
  if (!gpa_to_ua(list_gpa, &list_ua) || !find_region(list_ua, LIST_BYTES)) return H_TOO_HARD;
  const volatile u64 *list = (u64 *)(user_memory + (list_ua - USER_START));
  struct hardware_table *table = view->hardware;
  u64 first = (ioba >> table->page_shift) - table->offset;
  for (u64 i = 0; i < npages; i++)
    if (!hardware_takes(table, ioba + (i << table->page_shift), be64toh(list[i]), 1)) return H_PARAMETER;
  for (u64 i = 0; i < npages; i++) {
    long code = map(table, first + i, be64toh(list[i]));
    if (code != H_SUCCESS) return code;
  }
  for (u64 i = 0; i < npages; i++) {
    u64 tce = be64toh(list[i]);
    if (has_reserved_bits(view->page_shift, tce)) return H_PARAMETER;
    view->entries[first + i] = tce;
  }
  return H_SUCCESS;
}

__attribute__((noinline)) static long h_stuff_tce(u64 liobn, u64 ioba, u64 value, u64 npages) {
  struct guest_view *view = find_view(liobn);
  if (!view) return H_TOO_HARD;
  if (!in_window(view->page_shift, view->offset, view->size, ioba, npages)) return H_PARAMETER;
  if (value & TCE_PERMISSIONS) return H_PARAMETER;
  struct hardware_table *table = view->hardware;
  if (value != 0 || !hardware_takes(table, ioba, 0, npages)) return H_PARAMETER;
  u64 first = (ioba >> table->page_shift) - table->offset;
  for (u64 i = 0; i < npages; i++) clear(table, first + i);
  for (u64 i = 0; i < npages; i++) view->entries[first + i] = value;
  return H_SUCCESS;
}

static void *zeroed(u64 count, u64 bytes) {
  void *memory = calloc(count, bytes);
  if (!memory) {
    fputs("reference: out of memory\n", stderr);
    exit(1);
  }
  return memory;
}

static struct region *new_region(u64 ua, u64 bytes, struct region *next) {
  struct region *region = zeroed(1, sizeof *region);
  u64 pages = bytes >> HOST_PAGE_SHIFT;
  *region = (struct region){next, ua, bytes, 1, zeroed(pages, sizeof(u64))};
  for (u64 page = 0; page < pages; page++) region->hpas[page] = (ua + (page << HOST_PAGE_SHIFT)) ^ HPA_XOR;
  return region;
}

static struct guest_view *new_view(u64 liobn, u64 size, struct guest_view *next) {
  struct guest_view *view = zeroed(1, sizeof *view);
  struct hardware_table *table = zeroed(1, sizeof *table);
  *table = (struct hardware_table){IOMMU_PAGE_SHIFT, 0, size, zeroed(size, sizeof(u64)), zeroed(size, sizeof(u64))};
  *view = (struct guest_view){next, liobn, IOMMU_PAGE_SHIFT, 0, size, table, zeroed(size, sizeof(u64))};
  return view;
}

static void build_host(void) {
  user_memory = zeroed(3, SLOT_BYTES);
  for (int i = 0; i < 3; i++)
    slots[i] = (struct memslot){i * (SLOT_BYTES >> HOST_PAGE_SHIFT), SLOT_BYTES >> HOST_PAGE_SHIFT,
                                USER_START + i * SLOT_BYTES};
  regions = new_region(USER_START, 2 * SLOT_BYTES, new_region(USER_START + 2 * SLOT_BYTES, SLOT_BYTES, NULL));
  for (u64 liobn = LIOBN; liobn > LIOBN - 4; liobn--)
    views = new_view(liobn, liobn == LIOBN ? WINDOW_ENTRIES : MAX_LIST, views);
  u64 *list = (u64 *)(user_memory + LIST_GPA);
  for (u64 i = 0; i < MAX_LIST; i++)
    list[i] = htobe64((POOL_GPA + ((i * 7 & (POOL_PAGES - 1)) << IOMMU_PAGE_SHIFT)) | TCE_PERMISSIONS);
}

static double cpu_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

/* The best slice of one kind of operation. */
struct figure {
  const char *name;
  double slice_ns, best_ns;
};

static void end_slice(struct figure *figure, double operations) {
  double ns = figure->slice_ns / operations;
  if (figure->best_ns == 0 || ns < figure->best_ns) figure->best_ns = ns;
  figure->slice_ns = 0;
}

int main(int argc, char **argv) {
  int slices = argc > 1 ? atoi(argv[1]) : 16;
  struct figure bare = {"exchange", 0, 0}, put_map = {"map", 0, 0}, put_clear = {"clear", 0, 0},
                single = {"single", 0, 0}, indirect = {"indirect", 0, 0}, stuff = {"stuff", 0, 0},
                batch = {"batch", 0, 0};
  const double operations = (double)CHUNKS_PER_SLICE * CHUNK_ENTRIES;
  u64 *bare_table = zeroed(WINDOW_ENTRIES, sizeof(u64));
  volatile u64 sink = 0;
  long failures = 0;
  build_host();
  for (int slice = 0; slice < slices; slice++) {
    for (u64 chunk = 0; chunk < CHUNKS_PER_SLICE; chunk++) {
      u64 first = chunk * CHUNK_ENTRIES % WINDOW_ENTRIES, end = first + CHUNK_ENTRIES;
      double start = cpu_ns();
      for (u64 entry = first; entry < end; entry++)
        sink += __atomic_exchange_n(&bare_table[entry], entry, __ATOMIC_SEQ_CST) & TCE_PERMISSIONS;
      double exchanged = cpu_ns();
      for (u64 entry = first; entry < end; entry++)
        failures |= h_put_tce(LIOBN, entry << IOMMU_PAGE_SHIFT,
                              (POOL_GPA + ((entry & (POOL_PAGES - 1)) << IOMMU_PAGE_SHIFT)) | TCE_PERMISSIONS);
      double mapped = cpu_ns();
      for (u64 entry = first; entry < end; entry++) failures |= h_put_tce(LIOBN, entry << IOMMU_PAGE_SHIFT, 0);
      double cleared = cpu_ns();
      for (u64 entry = first; entry < end; entry += MAX_LIST)
        failures |= h_put_tce_indirect(LIOBN, entry << IOMMU_PAGE_SHIFT, LIST_GPA, MAX_LIST);
      double listed = cpu_ns();
      for (u64 entry = first; entry < end; entry += MAX_LIST)
        failures |= h_stuff_tce(LIOBN, entry << IOMMU_PAGE_SHIFT, 0, MAX_LIST);
      double stuffed = cpu_ns();
      bare.slice_ns += exchanged - start;
      put_map.slice_ns += mapped - exchanged;
      put_clear.slice_ns += cleared - mapped;
      single.slice_ns += cleared - exchanged;
      indirect.slice_ns += listed - cleared;
      stuff.slice_ns += stuffed - listed;
      batch.slice_ns += stuffed - cleared;
    }
    end_slice(&bare, operations);
    end_slice(&put_map, operations);
    end_slice(&put_clear, operations);
    end_slice(&single, 2 * operations);
    end_slice(&indirect, operations);
    end_slice(&stuff, operations);
    end_slice(&batch, 2 * operations);
  }
  const struct figure *all[] = {&bare, &put_map, &put_clear, &single, &indirect, &stuff, &batch};
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++) printf("%s %.3f\n", all[i]->name, all[i]->best_ns);
  return failures != 0 || regions->next->mapped != 1;
}
