import { Module } from '@nestjs/common';
import { OwnController } from './user-settings.controller';
import { UserDataService } from './user-data.service';
import { UserSettingsService } from './user-settings.service';
import { UsersController } from './users.controller';
import { UsersRepository } from './users.repository';
import { UsersService } from './users.service';

@Module({
  controllers: [UsersController, OwnController],
  providers: [UsersService, UsersRepository, UserSettingsService, UserDataService],
  exports: [UsersService, UserSettingsService],
})
export class UsersModule {}
