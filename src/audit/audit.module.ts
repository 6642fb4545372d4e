import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { ListEventsHandler } from './queries/list-events/list-events.handler.js';

/** Who did what, when and why: the log itself, for operators. Nothing here writes. */
@Module({ controllers: [AuditController], providers: [ListEventsHandler] })
export class AuditModule {}
