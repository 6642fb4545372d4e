import * as nodeModule from 'node:module';
import { load, resolve } from './typescript-hooks.mjs';

// Node 22.12 to 22.14 have only `register`, which later versions deprecate.
if (Object.hasOwn(nodeModule, 'registerHooks')) nodeModule.registerHooks({ resolve, load });
else nodeModule.register('./typescript-hooks.mjs', import.meta.url);
