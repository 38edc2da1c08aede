/**
 * Shows on stderr that something takes long: on a terminal one line that counts the seconds, elsewhere a line at the start and
 * one at the end.
 * @param {string} what
 * @returns {() => void} Ends it.
 */
export function showProgress(what) {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1_000);
  const isTerminal = process.stderr.isTTY === true;
  process.stderr.write(isTerminal ? `${what} …` : `${what}\n`);
  const draw = () => process.stderr.write(`\r${what} … ${seconds()} s`);
  const timer = isTerminal ? setInterval(draw, 1_000) : undefined;
  return () => {
    clearInterval(timer);
    const end = `ended after ${seconds()} s`;
    process.stderr.write(isTerminal ? `\r${what}: ${end}\n` : `${what}: ${end}\n`);
  };
}
