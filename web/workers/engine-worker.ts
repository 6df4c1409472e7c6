import { serve } from '../shared/call.ts';
import type { EngineApi } from '../shared/engine-api.ts';
import { eventPort } from '../shared/ports.ts';
import { platformEnvironment } from './engine-environment.ts';
import { EngineHost } from './engine-host.ts';

const host = new EngineHost(platformEnvironment(), (port) => eventPort(port as MessagePort));
serve<EngineApi>(eventPort(self), host.handlers());
