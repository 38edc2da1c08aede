import { Button, Form, TextField, useForm } from '@candlefish/ui';
import { Link } from '@tanstack/react-router';
import { explainForm } from '../explain.ts';
import { Entrance } from '../layout/entrance.tsx';
import { usePageTitle } from '../page-title.ts';
import { useServices } from '../services.ts';

/** Signs in. The router leaves this page when the session says that somebody is in. */
export function SignInPage() {
  usePageTitle('Sign in');
  return (
    <Entrance
      title="Sign in"
      text="Documents and agents of your company."
      foot={
        <>
          New here? <Link to="/sign-up">Create a company</Link>
        </>
      }
    >
      <PasswordStep />
    </Entrance>
  );
}

function PasswordStep() {
  const { session } = useServices();
  const form = useForm({
    initial: { email: '', password: '' },
    check: ({ email, password }) => ({
      ...(email.trim() === '' && { email: 'Enter your e-mail address.' }),
      ...(password === '' && { password: 'Enter your password.' }),
    }),
    submit: ({ email, password }) => session.signIn({ email: email.trim(), password }),
    explain: explainForm,
  });
  return (
    <Form form={form} label="Sign in">
      <TextField label="E-mail" type="email" autoComplete="username" autoFocus {...form.field('email')} />
      <TextField label="Password" type="password" autoComplete="current-password" {...form.field('password')} />
      <Button look="primary" type="submit" disabled={form.isSubmitting}>
        {form.isSubmitting ? 'Signing in …' : 'Sign in'}
      </Button>
    </Form>
  );
}
