import { problem } from '../../kit/problem';

export const EmailTaken = problem(409, 'email-taken', 'There is an account with this address already.');
export const TooManyDocuments = problem(409, 'too-many-documents', 'A person can keep 100 documents.');
export const LastOwner = problem(409, 'last-owner', 'An organization must keep at least one Owner.');
