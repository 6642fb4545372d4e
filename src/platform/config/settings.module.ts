import { type DynamicModule, Global, Logger, Module, type OnModuleInit } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { Settings } from './settings.js';
import { type Environment, Variables } from './variables.js';

/** Makes `Settings` injectable everywhere, and says at start what whoever runs the program should know. */
@Global()
@Module({})
export class SettingsModule implements OnModuleInit {
  private readonly logger = new Logger('Settings');

  constructor(private readonly settings: Settings) {}

  /** With an environment given, that one and nothing else counts; otherwise that of the process, and the file `.env`. */
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
