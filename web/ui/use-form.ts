import { type FormEvent, useRef, useState } from 'react';

/** What is wrong with a form: by field, and as a whole. */
export interface FormProblems {
  readonly fields: Readonly<Record<string, string>>;
  readonly whole: string | null;
}

/** How a form behaves. */
export interface FormOptions<Values extends Readonly<Record<string, string>>> {
  readonly initial: Values;
  /** What is wrong before anything is sent. */
  readonly check: (values: Values) => Readonly<Record<string, string>>;
  /** Sends it. What it throws is shown. */
  readonly submit: (values: Values) => Promise<void>;
  /** A failure of `submit` in words for people. */
  readonly explain: (error: unknown) => FormProblems;
}

/** A form at work. */
export interface Form<Values extends Readonly<Record<string, string>>> {
  readonly values: Values;
  readonly problems: FormProblems;
  readonly isSubmitting: boolean;
  set(name: keyof Values & string, value: string): void;
  /** `name`, `value`, `onChange` and `error` of a field. */
  field(name: keyof Values & string): {
    readonly name: string;
    readonly value: string;
    readonly error: string | undefined;
    readonly onChange: (event: { readonly target: { readonly value: string } }) => void;
  };
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void;
}

const NOTHING_WRONG: FormProblems = { fields: {}, whole: null };

/** State of a form of texts: checked when it is sent, a field's error goes when the field changes, one sending at a time. */
export function useForm<Values extends Readonly<Record<string, string>>>({
  initial,
  check,
  submit,
  explain,
}: FormOptions<Values>): Form<Values> {
  type Name = keyof Values & string;
  const [values, setValues] = useState(initial);
  const [problems, setProblems] = useState<FormProblems>(NOTHING_WRONG);
  const [isSubmitting, setSubmitting] = useState(false);
  const isBusy = useRef(false);

  const set = (name: Name, value: string): void => {
    setValues((before) => ({ ...before, [name]: value }));
    setProblems(({ fields: { [name]: _, ...fields } }) => ({ fields, whole: null }));
  };
  const show = (found: FormProblems, form: HTMLFormElement): void => {
    setProblems(found);
    const [first] = Object.keys(found.fields);
    if (first === undefined) return;
    // Where the first error is, so that it is read out.
    const control = form.elements.namedItem(first);
    if (control instanceof HTMLElement) control.focus();
  };
  const send = async (form: HTMLFormElement): Promise<void> => {
    const fields = check(values);
    if (Object.keys(fields).length > 0) {
      show({ fields, whole: null }, form);
      return;
    }
    isBusy.current = true;
    setSubmitting(true);
    setProblems(NOTHING_WRONG);
    try {
      await submit(values);
    } catch (error) {
      show(explain(error), form);
    } finally {
      isBusy.current = false;
      setSubmitting(false);
    }
  };
  return {
    values,
    problems,
    isSubmitting,
    set,
    field: (name) => ({
      name,
      value: values[name] ?? '',
      error: problems.fields[name],
      onChange: ({ target }) => set(name, target.value),
    }),
    onSubmit(event) {
      event.preventDefault();
      if (!isBusy.current) void send(event.currentTarget);
    },
  };
}
