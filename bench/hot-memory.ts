/** What 16M entries cost in memory: prints bytes for each touched entry and view, and the milliseconds of their making. */
const DIST = new URL('./', import.meta.resolve('tcebench'));
const { IommuTable } = (await import(
  new URL('host/iommu-table.js', DIST).href
)) as typeof import('../src/host/iommu-table.js');
const { HostPages } = (await import(
  new URL('host/host-pages.js', DIST).href
)) as typeof import('../src/host/host-pages.js');
const { SharedBuffers } = (await import(
  new URL('host/shared-buffers.js', DIST).href
)) as typeof import('../src/host/shared-buffers.js');
const { DmaWindow } = (await import(
  new URL('papr/dma-window.js', DIST).href
)) as typeof import('../src/papr/dma-window.js');

const ENTRIES = 2 ** 24;
/** Hardware entries and userspace view. */
const VIEWS = 2;

const buffers = new SharedBuffers();
const pages = new HostPages(2 ** 20, 16, buffers);
const before = process.memoryUsage().rss;
const start = performance.now();
const table = new IommuTable('large', new DmaWindow(12, 0, ENTRIES), pages, buffers);
const allocationMs = performance.now() - start;
for (let entry = 0; entry < ENTRIES; entry++) {
  table.entries.store(entry, 1, 1);
  table.userspaceView[entry] = 1;
}
const bytesPerEntry = (process.memoryUsage().rss - before) / ENTRIES / VIEWS;
process.stdout.write(JSON.stringify({ allocationMs, bytesPerEntry }));
