import { Body, Controller, Get, Module, Param, Post, Query, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Allow, AllowInHeader, Public, Self } from '../../src/access/allow';
import { AppModule } from '../../src/app.module';
import { unconnected } from '../../src/data-source';
import { loadConfig } from '../../src/config/config';
import { Raw, Returns } from '../../src/http/contract/contract';
import { loadSecrets } from '../../src/config/secrets';
import { Liveness } from '../../src/modules/system/health/system.api';
import { workerSettings } from '../support/engines';

class Shapeless {
  name: string;
}
const OK: Liveness = { status: 'ok' };

@Controller('cats')
class OpenDoor {
  @Get('fine') @Public() @Returns(200, Liveness) fine() {
    return OK;
  }
  @Get('open') @Returns(200, Liveness) readCat() {
    return OK;
  }
}
@Controller('cats')
class Homeless {
  @Get() @Allow('invites:read') @Returns(200, Liveness) listCats() {
    return OK;
  }
}
@Controller('houses/:orgId/cats')
class TwoHomes {
  @Get() @AllowInHeader('invites:read') @Returns(200, Liveness) listCats() {
    return OK;
  }
}
@Controller('cats')
class Faceless {
  @Get() @Self() @Returns(200, Liveness) listCats() {
    return OK;
  }
}
@Controller('cats')
class AnyBody {
  @Post() @Public() @Returns(200, Liveness) addCat(@Body() _cat: object) {
    return OK;
  }
}
@Controller('cats')
class ShapelessBody {
  @Post() @Public() @Returns(200, Liveness) addCat(@Body() _cat: Shapeless) {
    return OK;
  }
}
@Controller('cats')
class PartOfBody {
  @Post() @Public() @Returns(200, Liveness) addCat(@Body('name') _name: string) {
    return OK;
  }
}
@Controller('cats')
class AnyQuery {
  @Get() @Public() @Returns(200, Liveness) findCats(@Query() _query: Shapeless) {
    return OK;
  }
}
@Controller('cats')
class PartOfQuery {
  @Get() @Public() @Returns(200, Liveness) findCats(@Query('name') _name: string) {
    return OK;
  }
}
@Controller('cats')
class AnyParam {
  @Get(':id') @Public() @Returns(200, Liveness) readCat(@Param('id') _id: string) {
    return OK;
  }
}
@Controller('cats')
class AllParams {
  @Get(':id') @Public() @Returns(200, Liveness) readCat(@Param() _all: Shapeless) {
    return OK;
  }
}
@Controller('cats')
class Silent {
  @Get('page') @Public() @Raw() page() {
    return '';
  }
  @Get() @Public() listCats() {
    return OK;
  }
}

/** What the whole app says when it is started with one more controller in it; nothing when it starts. */
async function refusalOf(controller: Type): Promise<string | undefined> {
  const config = loadConfig({ NODE_ENV: 'test', ...workerSettings() });
  @Module({ imports: [AppModule.of(config, loadSecrets(config), unconnected())], controllers: [controller] })
  class Extended {}
  const app = await NestFactory.create(Extended, new FastifyAdapter(), { logger: false, abortOnError: false });
  try {
    return void (await app.init());
  } catch (error) {
    return (error as Error).message;
  } finally {
    await app.close().catch(() => undefined); // it has no database to part from
  }
}

const FAULTS: [Type, string][] = [
  [OpenDoor, 'OpenDoor.readCat does not say who may call it'],
  [Homeless, 'Homeless.listCats asks for invites:read, but its path names no {orgId}'],
  [TwoHomes, 'TwoHomes.listCats takes the organization from a header, but its path names {orgId}'],
  [Faceless, 'Faceless.listCats asks for oneself, but its path names no {userId}'],
  [AnyBody, 'AnyBody.addCat reads @Body without a shape'],
  [ShapelessBody, 'ShapelessBody.addCat reads @Body without a shape'],
  [PartOfBody, 'PartOfBody.addCat reads @Body without a shape'],
  [AnyQuery, 'AnyQuery.findCats reads @Query without a shape'],
  [PartOfQuery, 'PartOfQuery.findCats reads @Query without a shape'],
  [AnyParam, 'AnyParam.readCat reads @Param without a check'],
  [AllParams, 'AllParams.readCat reads @Param without a check'],
  [Silent, 'Silent.listCats does not say what it @Returns'],
];

test.each(FAULTS.map(([controller, fault]) => ({ name: controller.name, controller, fault })))(
  '$name keeps the app from starting',
  async ({ controller, fault }) => {
    const [head, ...faults] = (await refusalOf(controller))?.split('\n') ?? [];
    expect(head).toBe('The app cannot start:');
    expect(faults).toEqual([expect.stringContaining(`  ${fault}`)]); // the route at fault, and no other
  },
);
