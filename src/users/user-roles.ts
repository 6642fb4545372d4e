import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ReadModelPositions } from '../event-sourcing/index.js';
import { type KnownRoles, RoleDirectory } from '../platform/auth/role-directory.js';
import { UserView } from './read-models/user-view/user-view.entity.js';

/** Who has which roles, as far as the read model knows. */
@Injectable()
export class UserRoles extends RoleDirectory {
  constructor(
    @InjectRepository(UserView) private readonly users: Repository<UserView>,
    private readonly positions: ReadModelPositions,
  ) {
    super();
  }

  async find(userId: string, minPosition: number | undefined): Promise<KnownRoles | undefined> {
    if (minPosition !== undefined) await this.positions.waitFor(minPosition, [UserView]);
    const user = await this.users.findOneBy({ userId });
    return user ? { roles: user.roles, version: user.version } : undefined;
  }
}
