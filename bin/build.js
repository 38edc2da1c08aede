#!/usr/bin/env node
import { bootstrap } from './bootstrap.js';
import { main } from './lib/layout.js';
import { ensureSite } from './lib/site.js';

// Builds what is served to browsers, for images and tests; `npm start` does it by itself.
await main(async () => {
  await bootstrap();
  await ensureSite();
  return 0;
});
