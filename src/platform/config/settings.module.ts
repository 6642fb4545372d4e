import { type DynamicModule, Global, Logger, Module, type OnModuleInit } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { Settings } from './settings.js';
import { type Environment, Variables } from './variables.js';

/** Makes `Settings` injectable everywhere, and logs warnings about them at startup. */
@Global()
@Module({})
export class SettingsModule implements OnModuleInit {
  private readonly logger = new Logger('Settings');

  constructor(private readonly settings: Settings) {}

  /** Reads the given environment only; without one, that of the process and the file `.env`. */
  static forRoot(env?: Environment): DynamicModule {
    const provider = env
      ? { provide: Settings, useFactory: () => new Settings(new Variables((name) => env[name])) }
      : {
          provide: Settings,
          useFactory: (config: ConfigService) => new Settings(new Variables((name) => config.get<string>(name))),
          inject: [ConfigService],
        };
    return {
      module: SettingsModule,
      imports: env ? [] : [ConfigModule.forRoot()],
      providers: [provider],
      exports: [Settings],
    };
  }

  onModuleInit(): void {
    for (const warning of this.settings.warnings) this.logger.warn(warning);
  }
}
