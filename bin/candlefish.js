#!/usr/bin/env node
import { runServer } from './bootstrap.js';
import { main } from './lib/layout.js';

await main(() => runServer(process.argv.slice(2)));
