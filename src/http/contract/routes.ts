import { Injectable, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';

export type Route = {
  name: string;
  verb: string;
  path: string;
  controller: Function;
  method: string;
  handler: Function;
};

/** Every route of the app, for the checks that run at boot and for the contract. */
@Injectable()
export class Routes {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  all(): Route[] {
    return this.discovery.getControllers().flatMap(({ metatype }) => {
      const controller = metatype as Function;
      return this.scanner.getAllMethodNames(controller.prototype).flatMap((method) => {
        const handler: Function = controller.prototype[method];
        if (!Reflect.hasMetadata(METHOD_METADATA, handler)) return [];
        const path = [controller, handler].map((on) => String(Reflect.getMetadata(PATH_METADATA, on) ?? '')).join('/');
        const verb = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
        return {
          name: `${controller.name}.${method}`,
          verb,
          path: `/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1'),
          controller,
          method,
          handler,
        };
      });
    });
  }

  /** @throws one Error that lists every route with a fault, by its name. */
  check(faultOf: (route: Route) => string | undefined): void {
    const faults = this.all().flatMap((route) => faultOf(route)?.replace(/^/, `${route.name} `) ?? []);
    if (faults.length > 0) throw new Error(`The app cannot start:\n  ${faults.join('\n  ')}`);
  }
}
