// The same scenario with several values of a key, on two threads.
import { sweep } from 'tcebench';

const { rows } = await sweep({
  scenario: { run: { bytes: '2MB', draws: 20 } },
  vary: { 'nic.mtu': [1500, 9000], 'host.revision': ['v3', 'v4.12'] },
  workers: 2,
});
for (const { values, arm } of rows) {
  if (arm.id === 'multi-real') console.log(values.join(' '), Math.round(arm.rateBytesPerSec / 1e6), 'MB/s');
}
