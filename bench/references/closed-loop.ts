/**
 * Makes this process a worker of the bench: for every message with a number of seconds it runs `call` that long, so many at
 * a time, and answers with a slice. Says so when it is set up.
 * @param doesItself whether the work is done in this process, whose CPU time it then is.
 */
export function answerSlices(call: () => Promise<unknown>, inFlight: number, doesItself = true): void {
  const measure = async (seconds: number): Promise<void> => {
    const startedAt = performance.now();
    const endAt = startedAt + seconds * 1_000;
    const cpu = process.cpuUsage();
    const latencies: number[] = [];
    const loop = async (): Promise<void> => {
      while (performance.now() < endAt) {
        const began = performance.now();
        await call();
        latencies.push(performance.now() - began);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, loop));
    const elapsedSeconds = (performance.now() - startedAt) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    latencies.sort((a, b) => a - b);
    const at = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? 0;
    process.send?.({
      perSecond: latencies.length / elapsedSeconds,
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      p99Ms: at(0.99),
      cpuMsPerCall: doesItself ? (user + system) / 1_000 / latencies.length : null,
    });
  };
  process.on('message', (seconds: number) => void measure(seconds));
  process.send?.('ready');
}
