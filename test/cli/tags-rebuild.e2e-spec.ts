import { runScript } from '../../packages/core/test/verify/run-script.js';
import { TestApp } from '../support/test-app.js';
import { run } from './leftfold.js';

// What a rebuild does on each database is proved in packages/core/test/decisions/tags.int-spec.ts.
it('tags rebuild adds the tags that are missing, beside a running app', async () => {
  const app = await TestApp.start('sqlite');
  await app.register();
  await app.register();
  const complete = await run(app.database, 'tags rebuild');
  await runScript(app.database.url, [
    `update leftfold_tag_versions set tags_version = 0 where type = 'users.user-registered'`,
    `delete from leftfold_event_tags
      where position in (select position from leftfold_events where type = 'users.user-registered')`,
  ]);

  const dry = await run(app.database, 'tags rebuild --dry-run');
  const real = await run(app.database, 'tags rebuild');
  const all = await run(app.database, 'tags rebuild --all --dry-run');
  const again = await run(app.database, 'tags rebuild --json');

  expect(complete).toMatchObject({
    code: 0,
    stdout: "All stored events have the tags of today's classes.\n",
    stderr: '',
  });
  expect(dry.stdout).toMatch(
    /^users\.user-registered: (\d+) tags missing in (\d+) events\nNothing was written\. Without --dry-run they are added\.\n$/,
  );
  expect(real.stdout).toBe(
    dry.stdout.replace('missing', 'added').replace(/Nothing[^]*/, '') +
      'Done. Running nodes read their decision models again, so they need no restart.\n',
  );
  expect(real.stderr).toMatch(/^100 % {2}(\d+) of \1 events.*\n$/);
  expect(all.stdout).toMatch(/^users\.user-registered: 0 tags missing in \d+ events$/m);
  expect(JSON.parse(again.stdout)).toEqual({ dryRun: false, types: [] });
  await app.close();
});
