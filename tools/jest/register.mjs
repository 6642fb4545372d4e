import nodeModule from 'node:module';
import * as hooks from './typescript-hooks.mjs';

/** From Node 22.15 on. @type {typeof nodeModule.registerHooks | undefined} */
const registerHooks = nodeModule.registerHooks;

// Before that only hooks in a thread of their own, of which Jest hears no source maps; later versions deprecate them.
if (registerHooks) registerHooks({ resolve: hooks.resolve, load: hooks.load });
else nodeModule.register('./typescript-hooks.mjs', import.meta.url);
