import { SettingsError } from './settings.error.js';
import type { Variables } from './variables.js';

const SHORTEST_TOKEN = 16;
/** Characters that are safe in a header. */
const TOKEN = new RegExp(`^[!-~]{${SHORTEST_TOKEN},}$`);

/** The token opens the metrics, so no error repeats it. */
export function readMetricsToken(variables: Variables): string | undefined {
  const token = variables.secret('METRICS_TOKEN');
  if (token === undefined || TOKEN.test(token)) return token;
  throw new SettingsError(
    'METRICS_TOKEN',
    `is too short, or has a blank or a letter beyond ASCII in it; set it to at least ${SHORTEST_TOKEN} random ` +
      'characters, such as "openssl rand -hex 32" prints.',
  );
}
