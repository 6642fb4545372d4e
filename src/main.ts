import 'reflect-metadata';
import { serve } from './platform/process/serve.js';

// Loaded here rather than imported above, so that a feature that is put together wrongly ends the start with a sentence.
await serve(async () => (await import('./app.module.js')).AppModule.forRoot());
