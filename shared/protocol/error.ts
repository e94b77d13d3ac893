import { z } from 'zod';

/** Every error the API answers with: `code` for programs, `message` for people (what, where, what to do). */
export const apiError = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
export type ApiError = z.infer<typeof apiError>;
