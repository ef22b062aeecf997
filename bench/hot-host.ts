/** The built product, wherever this file was built to. */
const DIST = new URL('./', import.meta.resolve('tcebench'));
const product = <T>(path: string): Promise<T> => import(new URL(path, DIST).href) as Promise<T>;
const { Host } = await product<typeof import('../src/host/host.js')>('host/host.js');
const { USER_ARENA_START } =
  await product<typeof import('../src/host/host-address.js')>('host/host-address.js');
const { newIommuTable } = await product<typeof import('../src/host/new-parts.js')>('host/new-parts.js');
const { SharedArena } = await product<typeof import('../src/host/shared-arena.js')>('host/shared-arena.js');
const { SharedBuffers } =
  await product<typeof import('../src/host/shared-buffers.js')>('host/shared-buffers.js');
const { VfioContainer } =
  await product<typeof import('../src/host/vfio-container.js')>('host/vfio-container.js');
const { VfioGroup } = await product<typeof import('../src/host/vfio-group.js')>('host/vfio-group.js');
const { DmaWindow } = await product<typeof import('../src/papr/dma-window.js')>('papr/dma-window.js');
const { InKernelHandlers } = await product<typeof import('../src/path/in-kernel.js')>('path/in-kernel.js');
const { findRevision } = await product<typeof import('../src/path/revisions/revisions.js')>(
  'path/revisions/revisions.js',
);

/** The geometry that bench/c/reference.c has too. */
export const WINDOW_ENTRIES = 2 ** 19;
export const POOL_PAGES = 4096;
export const LIST_ENTRIES = 512;
export const PAGE_SHIFT = 12;
export const LIOBN = 0x80000003;
const SLOT_BYTES = 64 * 2 ** 20;
export const POOL_GPA = 2 * SLOT_BYTES;
export const LIST_GPA = POOL_GPA + 32 * 2 ** 20;
const SMALL_WINDOW_ENTRIES = 8192;

/** Four tables with the one asked for last, three memory slots, two regions with the one asked for second. */
export function hotHost(revisionId: string, severalWriters: boolean) {
  const revision = findRevision(revisionId);
  if (revision?.real == null) throw new Error(`no real mode in ${revisionId}`);
  const buffers = severalWriters ? new SharedArena() : new SharedBuffers();
  const host = new Host(
    { pageShift: 16, backingShift: 24, bytes: 3 * SLOT_BYTES },
    buffers,
    revision.guestView,
  );
  for (let i = 0; i < 3; i++)
    host.memslots.add(i * SLOT_BYTES, USER_ARENA_START + i * SLOT_BYTES, SLOT_BYTES);
  const container = new VfioContainer(host, [], revision.vfio);
  container.registerMemory(USER_ARENA_START, 2 * SLOT_BYTES);
  container.registerMemory(USER_ARENA_START + 2 * SLOT_BYTES, SLOT_BYTES);
  const group = new VfioGroup(0);
  for (let liobn = LIOBN; liobn > LIOBN - 4; liobn--) {
    const window = new DmaWindow(PAGE_SHIFT, 0, liobn === LIOBN ? WINDOW_ENTRIES : SMALL_WINDOW_ENTRIES);
    host.createGuestView(liobn, window);
    const table = newIommuTable(`${liobn}`, window, host.pages, buffers);
    table.allocateUserspaceView();
    host.findGuestView(liobn)?.attach(table, group, false);
  }
  for (let i = 0; i < LIST_ENTRIES; i++) {
    host.storeWord(LIST_GPA + i * 8, 0, (POOL_GPA + ((i * 7) % POOL_PAGES) * 2 ** PAGE_SHIFT) | 3);
  }
  return { host, handlers: new InKernelHandlers(host, revision.real) };
}
