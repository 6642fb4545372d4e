// `jest` is not a global in ES modules, as it is in CommonJS modules.
Object.assign(globalThis, { jest: import.meta.jest });
