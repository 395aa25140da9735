import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { getMetadataStorage } from 'class-validator';
import { shapesOf } from './contract';
import { type Route, Routes } from './routes';

export const BODY = 3;
const QUERY = 4,
  PARAM = 5; // RouteParamtypes of Nest, which it does not export

/** Refuses to boot while a route reads input that no shape checks, or does not say what it answers. */
@Injectable()
export class ContractCheck implements OnModuleInit {
  constructor(private readonly routes: Routes) {}

  onModuleInit(): void {
    this.routes.check(
      (route) => inputFault(route) ?? (shapesOf(route.handler) ? undefined : 'does not say what it @Returns'),
    );
  }
}

type Input = { index: number; data?: string; pipes: unknown[] };

function inputFault({ controller, method }: Route): string | undefined {
  const inputs: Record<string, Input> = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {};
  const types: Function[] = Reflect.getMetadata('design:paramtypes', controller.prototype, method) ?? [];
  for (const [key, { index, data, pipes }] of Object.entries(inputs)) {
    const kind = Number(key.split(':')[0]);
    if (kind === PARAM && (!data || pipes.length === 0))
      return 'reads @Param without a check: use @IdParam or @TextParam';
    if (kind === BODY && (data || !isShape(types[index]))) return 'reads @Body without a shape';
    if (kind === QUERY && (data || !isShape(types[index]))) return 'reads @Query without a shape';
  }
  return undefined;
}

const isShape = (type: Function | undefined): boolean =>
  type !== undefined && getMetadataStorage().getTargetValidationMetadatas(type, '', false, false).length > 0;
