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

/** Rows about several aggregates, which the developer wrote. */
const TRAFFIC = `import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('traffic_by_city')
export class TrafficByCity {
  @PrimaryColumn({ type: 'text' })
  city: string;

  @Column({ type: 'integer' })
  sent: number;
}
`;

describe('a list of a read model across aggregates', () => {
  const BEFORE = [...BEGUN, step('aggregate returns/parcel'), step('event returns/parcel-sent')];
  const ENTITY = 'src/returns/read-models/traffic-by-city/traffic-by-city.entity.ts';

  it('is generated, with a route of the feature', async () => {
    const project = await generated(...BEFORE);
    project.write(ENTITY, TRAFFIC);
    const written = await project.generate(step('query returns/list-traffic-by-city', { path: 'route=traffic' }));

    expect(written).toContain('src/returns/queries/list-traffic-by-city/list-traffic-by-city.handler.spec.ts');
    expect(project.read('src/returns/returns.controller.ts')).toContain("@Get('traffic')");
    expect(project.read('src/returns/queries/list-traffic-by-city/list-traffic-by-city.handler.ts')).toContain(
      'where: afterCity === undefined ? {} : { city: MoreThan(afterCity) },',
    );
    const spec = project.read('src/returns/queries/list-traffic-by-city/list-traffic-by-city.handler.spec.ts');
    expect(spec).not.toContain('.fixtures.js');
  });

  it.each([
    ['two columns as its key', TRAFFIC.replace('@Column(', '@PrimaryColumn('), 'list-traffic-by-city'],
    ['a number as its key', TRAFFIC.replace('city: string', 'city: number'), 'find-traffic-by-city'],
  ])('is refused for a row with %s, of which pages would leave rows out', async (_, entity, name) => {
    const project = await generated(...BEFORE);
    project.write(ENTITY, entity);

    await expect(project.generate(step(`query returns/${name}`))).rejects.toThrow(
      'TrafficByCity has no single key of type string',
    );
  });

  it('says "not found" for one aggregate only', async () => {
    const project = await generated(...BEFORE);
    project.write(ENTITY, TRAFFIC);

    await expect(project.generate(step('query returns/get-traffic-by-city'))).rejects.toThrow(
      'returns has the aggregates parcel and return. Put the name of one of them into "get-traffic-by-city".',
    );
  });
});

describe('in an application without the support of this one’s tests', () => {
  it('a route gets no test that could not run, and the next step says so', async () => {
    const project = await generated(...BEGUN);
    project.remove('test/support/test-app.ts');
    const [command, query] = [
      await project.generate(step('command returns/request-return', { path: 'route' })),
      (await project.generate(step('read-model returns/return-view')),
      await project.generate(step('query returns/get-return', { path: 'route' }))),
    ];

    expect([...command, ...query].filter((path) => path.startsWith('test/'))).toEqual([]);
    expect(command).toContain('src/returns/returns.controller.ts');
  });
});

it('a decision model is registered, and folds all events of the list', async () => {
  const project = await generated(
    ...BEGUN,
    step('read-model returns/return-view'),
    step('event returns/return-approved'),
    step('decision-model returns/open-returns'),
  );

  expect(project.read('src/returns/returns.module.ts')).toMatch(
    /aggregates: \[Return\],\s+decisionModels: \[OpenReturns\],\s+readModels: /,
  );
  const model = project.read('src/returns/domain/open-returns.ts');
  expect(model).toContain('@DecisionModel({ events: RETURN_EVENTS })');
  expect(model.match(/case '[^']+'/g)).toEqual(["case 'returns.return-requested'", "case 'returns.return-approved'"]);
  expect(project.read('src/returns/domain/open-returns.spec.ts')).toContain(
    'modelSpec(OpenReturns.all()).given(anApprovedReturn())',
  );
});
