import { Button } from '@mantine/core';
import type { ButtonProps } from '@mantine/core';
import { createLink, Link } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react';

/** The screens that can be gone back to without saying more. */
export type Place =
  | '/'
  | '/people'
  | '/audiences'
  | '/playbooks'
  | '/messages'
  | '/sources'
  | '/settings';

interface TextLinkProps {
  to: Place;
  className?: string;
  children: ReactNode;
}

export function TextLink({ to, className, children }: TextLinkProps) {
  return (
    <Link to={to} className={className}>
      {children}
    </Link>
  );
}

type AnchorButtonProps = ButtonProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> & {
    ref?: Ref<HTMLAnchorElement>;
  };

function AnchorButton(props: AnchorButtonProps) {
  return <Button component="a" {...props} />;
}

/** A button that leads to another screen, with the router's typed `to`, `params` and `search`. */
export const LinkButton = createLink(AnchorButton);
