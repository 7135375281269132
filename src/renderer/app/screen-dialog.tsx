import { Dialog } from 'radix-ui';
import { useState, type ReactElement, type ReactNode } from 'react';
import './screen-dialog.css';

/**
 * A dialog over the screen: the focus stays in it and goes back to where it was, Escape and a click beside it close it. It
 * has a veil of its own because Radix's would write a style sheet into the page, which the page's policy forbids.
 */
export function ScreenDialog(props: {
  title: string;
  /** Whether the title is for assistive technology only. */
  quiet?: boolean;
  className?: string;
  onClose: () => void;
  children: ReactNode;
}): ReactElement {
  // Radix gives the focus back to its own trigger only, and nothing here has one.
  const [before] = useState(() => document.activeElement);
  return (
    <Dialog.Root open onOpenChange={open => !open && props.onClose()}>
      <Dialog.Portal>
        <div className="veil" />
        <Dialog.Content
          className={props.className ?? 'dialog'}
          aria-describedby={undefined}
          onCloseAutoFocus={event => {
            event.preventDefault();
            // A command that was chosen in the dialog may have given the focus away already.
            if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
          }}
        >
          <Dialog.Title className={props.quiet === true ? 'visually-hidden' : 'dialog-title'}>
            {props.title}
          </Dialog.Title>
          {props.children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
