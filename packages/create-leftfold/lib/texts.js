export const HELP = `Makes a new event-sourced NestJS application.

  npm create leftfold <folder>
  npm create leftfold <folder> -- --database postgres
  npm create leftfold <folder> -- --example shop

Options, behind a -- of their own:
  --database <kind>  sqlite (default): files, with nothing to install; postgres: the server that DATABASE_URL names
  --example <name>   tasks (default): one small feature; shop: users, inventory and orders, with roles, sign-in and a command line
  -h, --help         shows this

The folder must be new or empty. Its name becomes the name of the application.
`;

const MADE = {
  tasks: 'a list of tasks',
  shop: 'users, inventory and orders',
};
const DATABASE = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

/**
 * The next steps for the developer of the new application.
 *
 * @param {{ name: string, folder: string, database: 'sqlite' | 'postgres', example: 'tasks' | 'shop' }} made `folder` relative to the
 * current one
 */
export function nextSteps({ name, folder, database, example }) {
  const steps = [
    ...(folder === '' ? [] : [`cd ${folder}`]),
    'npm install',
    ...(database === 'postgres' ? ['cp .env.example .env   # and write your database there'] : []),
    'npm start',
  ];
  return `${name} is made: ${MADE[example]}, on ${DATABASE[database]}. Next:

${steps.map((step) => `  ${step}`).join('\n')}

README.md says what to try then.
`;
}
