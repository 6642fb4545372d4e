import { NestFactory } from '@nestjs/core';
import { Settings } from './settings.js';
import { SettingsModule } from './settings.module.js';
import type { Environment } from './variables.js';

/**
 * Reads the settings of the environment. Opens nothing.
 * @throws SettingsError
 */
export async function readSettings(env?: Environment): Promise<Settings> {
  const app = await NestFactory.createApplicationContext(SettingsModule.forRoot(env), {
    abortOnError: false,
    logger: false,
  });
  const settings = app.get(Settings);
  await app.close();
  return settings;
}
