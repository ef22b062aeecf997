/** A gate of every operator, unit, direction and kind of metric; they hold on the made-up documents. */
export const SELF_TEST_GATES: readonly string[] = [
  ...['multi-real.rateBytesPerSec>=-2%', 'multi-real.rateBytesPerSec>=750MB/s', 'multi-real.rateLow>0.5GB/s'],
  ...['multi-real.rateBytesPerSec>+5%', 'multi-real.hcallP50Ns<=+3%', 'multi-real.hcallP99Ns<10us'],
  ...['multi-real.durationSec<=500ms', 'multi-real.packetsPerSec>=100000', 'multi-real.hcallsPerMB<=120.5'],
  ...['multi-real.hostFaults==0', 'multi-real.failedHcalls<1', 'multi-real.endedIn.userspace<=100'],
  ...['multi-real.endedIn.userspace==0%', 'multi-real.dmaApi.foundMaps>=-10%', 'claim.speedup>=3.4'],
  ...['claim.speedup>=-1%', 'claim.shareConsistent>0.2', 'claim.multi-real.inside<=+20%'],
  ...['made-up.log/real.modelledNs<=+1%', 'made-up.log/real.operations.tceExchanges==4000'],
  ...['made-up.log/real.phases.tcp.modelledNs<2ms', 'job0/multi-real.rateBytesPerSec>=-1%'],
  ...[
    'single-real.nsPerCall.median<=+10%',
    'single-real.nsPerCall.median<60ns',
    'single-real.callsPerSec>=-10%',
  ],
  ...[
    'single-real.callsPerSec>1000000',
    'single-real.nsPerCall.p99<=-20%',
    'single-real.nsPerCall.median==0%',
  ],
];
