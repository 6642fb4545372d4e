// ES modules do not get it by themselves, as CommonJS modules do.
Object.assign(globalThis, { jest: import.meta.jest });
