import { problem } from '../../../../kit/problem';

export const ProviderOff = problem(503, 'provider-off', 'This payment provider is not set up here.');
export const ProviderAway = problem(503, 'provider-away', 'The payment provider does not answer. Try again soon.');
export const ProviderRefused = problem(502, 'provider-refused', 'The payment provider refused this.');
export const PlanNotOffered = problem(409, 'plan-not-offered', 'This plan is not sold through this provider.');
export const BadSignature = problem(400, 'bad-signature', 'The provider did not sign this.', { denied: true });
export const ForeignEvent = problem(403, 'foreign-event', 'This event is of another store, or of test mode.');
