import { Button, Form, TextField, useForm } from '@candlefish/ui';
import { Link } from '@tanstack/react-router';
import { explainForm } from '../explain.ts';
import { Entrance } from '../layout/entrance.tsx';
import { usePageTitle } from '../page-title.ts';
import { useServices } from '../services.ts';

/** The shortest password the API takes. */
const PASSWORD_CHARS_MIN = 8;

/** Makes a company and its first owner. */
export function SignUpPage() {
  usePageTitle('Create a company');
  const { session } = useServices();
  const form = useForm({
    initial: { tenantName: '', email: '', password: '' },
    check: ({ tenantName, email, password }) => ({
      ...(tenantName.trim() === '' && { tenantName: 'Enter the name of the company.' }),
      ...(!email.includes('@') && { email: 'Enter an e-mail address.' }),
      ...(password.length < PASSWORD_CHARS_MIN && { password: `Use at least ${PASSWORD_CHARS_MIN} characters.` }),
    }),
    submit: ({ tenantName, email, password }) =>
      session.signUp({ tenantName: tenantName.trim(), email: email.trim(), password }),
    explain: explainForm,
  });
  return (
    <Entrance
      title="Create a company"
      text="You become its owner and can invite others later."
      foot={
        <>
          Have an account? <Link to="/sign-in">Sign in</Link>
        </>
      }
    >
      <Form form={form} label="Create a company">
        <TextField label="Company" autoComplete="organization" autoFocus {...form.field('tenantName')} />
        <TextField label="E-mail" type="email" autoComplete="username" {...form.field('email')} />
        <TextField
          label="Password"
          type="password"
          autoComplete="new-password"
          hint="A few words that only you would put together."
          {...form.field('password')}
        />
        <Button look="primary" type="submit" disabled={form.isSubmitting}>
          {form.isSubmitting ? 'Creating …' : 'Create company'}
        </Button>
      </Form>
    </Entrance>
  );
}
