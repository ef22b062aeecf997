// A scenario on the modelled clock: what the card loses when every call goes to user space.
import { run } from 'tcebench';

const { arms } = await run({ nic: { profile: 'ixgbe', mtu: 9000 }, run: { bytes: '4MB', draws: 100 } });
for (const { id, rateBytesPerSec, rateLow, rateHigh } of arms) {
  const [rate, low, high] = [rateBytesPerSec, rateLow, rateHigh].map((value) => Math.round(value / 1e6));
  console.log(`${id}: ${rate} MB/s (${low}..${high})`);
}
