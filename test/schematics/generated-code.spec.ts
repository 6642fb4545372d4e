import { generateIn, ProjectInMemory, step, type Step } from '../../tools/generators/generate.js';

const EVENT = 'src/returns/events/return-requested.event.ts';
const BEGUN = [step('feature returns'), step('aggregate returns/return'), step('event returns/return-requested')];

async function generated(...steps: readonly Step[]): Promise<ProjectInMemory> {
  const project = ProjectInMemory.withoutReturns();
  const { refusal } = await generateIn(project, ...steps);
  expect(refusal).toBeNull();
  return project;
}

/** What a file imports by name, each as often as it is imported: `v7 as uuidv7`. */
function importedIn(text: string): string[] {
  return [...text.matchAll(/^import (?:type )?\{([^}]*)\}/gm)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

describe('a command that creates', () => {
  it('imports each name once, also as the second one of its controller', async () => {
    const project = await generated(
      ...BEGUN,
      step('command returns/request-return', { path: 'route' }),
      step('aggregate returns/parcel'),
      step('event returns/parcel-sent'),
      step('command returns/send-parcel', { path: 'route=parcels' }),
    );

    const controller = project.read('src/returns/returns.controller.ts');
    expect(controller.match(/uuidv7\(\)/g)).toHaveLength(2);
    const names = importedIn(controller);
    expect(names).toContain('v7 as uuidv7');
    expect(names).toEqual([...new Set(names)]);
  });

  it.each([
    ['without a route, a stored command carries plain JSON only, and its handler reads the clock', undefined],
    ['with a route, takes the time of the request', 'route'],
  ])('%s', async (_, path) => {
    const project = await generated(...BEGUN);
    project.edit(EVENT, [
      'constructor(readonly returnId: string) {}',
      'constructor(readonly returnId: string, readonly reason: string, readonly requestedAt: string) {}',
    ]);
    await project.generate(step('command returns/request-return', path === undefined ? {} : { path }));

    const [command, handler] = ['command', 'handler'].map((each) =>
      project.read(`src/returns/commands/request-return/request-return.${each}.ts`),
    );
    expect({ stored: command!.includes('@StoredCommand('), date: /\bDate\b/.test(command!) }).toEqual({
      stored: path === undefined,
      date: path !== undefined,
    });
    expect(handler).toContain(
      path === undefined ? 'Return.request(returnId, reason, new Date())' : 'Return.request(returnId, reason, now)',
    );
  });
});
