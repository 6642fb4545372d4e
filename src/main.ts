import 'reflect-metadata';
import { serve } from './platform/process/serve.js';

// Imported here rather than above, so that an error in a feature's set-up ends the start with one sentence.
await serve(async () => (await import('./app.module.js')).AppModule.forRoot());
