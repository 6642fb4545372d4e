// Loaded by `--import`: when the process ends, writes the modules that it has loaded from node_modules, as JSON, to MODULES_FILE.
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const modules = new Set();

registerHooks({
  load(url, context, next) {
    const [, module] = /.*\/node_modules\/(.+)$/.exec(url) ?? [];
    if (module) modules.add(module);
    return next(url, context);
  },
});
process.on('exit', () => writeFileSync(process.env.MODULES_FILE ?? '', JSON.stringify([...modules])));
