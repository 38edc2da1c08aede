import { writeFileSync } from 'node:fs';

/** Names the file that the counts go to. */
export const SUMMARY_VARIABLE = 'CANDLEFISH_TEST_SUMMARY';

/** Vitest reporter that writes what a run came to as JSON: numbers, and each skipped test with its reason. */
// biome-ignore lint/style/noDefaultExport: the form in which vitest loads a reporter.
export default class CountReporter {
  onInit(vitest) {
    this.vitest = vitest;
  }

  onTestRunEnd(modules, unhandledErrors) {
    const summary = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      if (module.errors().length > 0) summary.failed += 1;
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) summary.failed += 1;
      for (const test of module.children.allTests()) this.count(summary, module, test);
    }
    writeFileSync(process.env[SUMMARY_VARIABLE], JSON.stringify(summary));
  }

  count(summary, module, test) {
    const result = test.result();
    if (result.state === 'passed') summary.passed += 1;
    else if (result.state === 'failed') summary.failed += 1;
    else if (this.isSelected(test)) {
      const reason = result.note ?? (test.options.mode === 'todo' ? 'not written yet' : 'no reason given');
      summary.skipped.push({ test: `${module.relativeModuleId} > ${test.fullName}`, reason });
    }
  }

  /** What a name pattern on the command line leaves out was not asked for. */
  isSelected(test) {
    const pattern = this.vitest.config.testNamePattern;
    return pattern === undefined || pattern.test(test.fullName);
  }
}
