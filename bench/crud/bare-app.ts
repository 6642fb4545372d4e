import 'reflect-metadata';
import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  Module,
  UnauthorizedException,
  ValidationPipe,
} from '@nestjs/common';
import { APP_GUARD, APP_PIPE, NestFactory } from '@nestjs/core';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { FastifyRequest } from 'fastify';
import helmet from 'helmet';
import { DataSource } from 'typeorm';
import type { Target } from '../contract.js';
import type { Server } from '../http/serve.js';
import { Callers, OrdersController, UsersController } from './controllers.js';
import { databaseOf, ENTITIES, fillRows } from './database.js';

const callers = new WeakMap<FastifyRequest, string>();

@Injectable()
class TokenGuard implements CanActivate {
  constructor(private readonly jwt: JwtService) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    try {
      const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
      callers.set(request, this.jwt.verify<{ sub: string }>(token).sub);
    } catch {
      throw new UnauthorizedException();
    }
    return true;
  }
}

class CallersByToken extends Callers {
  idOf(request: FastifyRequest): string {
    return callers.get(request) ?? '';
  }
}

/** Nest and Fastify with no more than a token, validation, and the headers of helmet. */
export async function serveBare(target: Target, users: number): Promise<Server> {
  class BareModule {}
  Module({
    imports: [
      TypeOrmModule.forRoot(databaseOf(target)),
      TypeOrmModule.forFeature(ENTITIES),
      JwtModule.register({ secret: 'only-for-the-benchmark-and-long-enough' }),
    ],
    controllers: [UsersController, OrdersController],
    providers: [
      { provide: Callers, useClass: CallersByToken },
      { provide: APP_GUARD, useClass: TokenGuard },
      { provide: APP_PIPE, useValue: new ValidationPipe({ transform: true, whitelist: true }) },
    ],
  })(BareModule);
  const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), { logger: ['error'] });
  const secure = helmet();
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => secure(request.raw, reply.raw, () => done()));
  const people = await fillRows(app.get(DataSource), users);
  await app.listen(0, '127.0.0.1');
  const jwt = app.get(JwtService);
  return {
    url: await app.getUrl(),
    users: people.map(({ userId }) => ({ userId, token: jwt.sign({ sub: userId }, { expiresIn: '1h' }) })),
  };
}
