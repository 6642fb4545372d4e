import { CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import type { Repository } from 'typeorm';
import { InjectReadModelRepository, MessageContext, ReadsFrom } from '../../src/index.js';
import { CounterView } from './counter-view.js';

// Queries that tell which servers they reached.

const PORT = 'select inet_server_port() as port';

interface Found {
  /** Servers that its statements reached. */
  readonly ports: readonly number[];
  readonly value: number | undefined;
}

/** Finds a counter, and which servers answered. */
@ReadsFrom(CounterView)
export class LocateQuery extends Query<Found> {
  constructor(
    readonly counterId: string,
    readonly sql = PORT,
  ) {
    super();
  }
}

/** Reads, and asks another query with a minimum position. */
export class NestedQuery extends Query<Found> {
  constructor(
    readonly inner: LocateQuery,
    readonly minPosition: number,
  ) {
    super();
  }
}

export class LocateCommand {
  constructor(readonly counterId: string) {}
}

@QueryHandler(LocateQuery)
class LocateHandler implements IQueryHandler<LocateQuery> {
  constructor(@InjectReadModelRepository(CounterView) private readonly counters: Repository<CounterView>) {}

  async execute({ counterId, sql }: LocateQuery): Promise<Found> {
    const { manager } = this.counters;
    const portOf = async (from = manager): Promise<number> => {
      const [{ port }] = await from.query<[{ port: number }]>(sql);
      return port;
    };
    const [row, ...ports] = await Promise.all([
      this.counters.findOneBy({ counterId }),
      portOf(),
      manager.transaction((within) => portOf(within)),
      this.counters
        .createQueryBuilder('c')
        .select('inet_server_port()', 'port')
        .limit(1)
        .getRawOne<{ port: number }>()
        .then((raw) => raw?.port),
    ]);
    return { ports: [...new Set(ports.filter((each) => each !== undefined))], value: row?.value };
  }
}

@QueryHandler(NestedQuery)
class NestedHandler implements IQueryHandler<NestedQuery> {
  constructor(
    private readonly queries: QueryBus,
    private readonly context: MessageContext,
    @InjectReadModelRepository(CounterView) private readonly counters: Repository<CounterView>,
  ) {}

  async execute({ inner, minPosition }: NestedQuery): Promise<Found> {
    const [{ port }] = (await this.counters.query(PORT)) as [{ port: number }];
    const found = await this.context.run({ ...this.context.origin, minPosition }, () => this.queries.execute(inner));
    return { ...found, ports: [...new Set([port, ...found.ports])] };
  }
}

@CommandHandler(LocateCommand)
class LocateWithinHandler implements ICommandHandler<LocateCommand> {
  constructor(private readonly queries: QueryBus) {}

  execute({ counterId }: LocateCommand): Promise<Found> {
    return this.queries.execute(new LocateQuery(counterId));
  }
}

export const LOCATING = [LocateHandler, NestedHandler, LocateWithinHandler];
