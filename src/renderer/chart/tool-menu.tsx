import { DropdownMenu } from 'radix-ui';
import { useState, type ReactElement, type ReactNode } from 'react';
import '../app/screen-dialog.css';
import './tool-menu.css';

export interface ToolMenuProps {
  className: string;
  /** What assistive technology calls the button. */
  label: string;
  title: string;
  /** What stands on the button. */
  shown: ReactNode;
  /** `DropdownMenu` items of class `menu-item`. */
  children: ReactNode;
}

/**
 * A button with a menu. It is not modal, because a modal one brings a style sheet of its own, which our content policy refuses;
 * it opens in the document its pane is in, which may be a pop-out window's.
 */
export function ToolMenu({ className, label, title, shown, children }: ToolMenuProps): ReactElement {
  const [home, setHome] = useState<HTMLElement | null>(null);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className={className}
        aria-label={label}
        title={title}
        ref={button => setHome(button?.ownerDocument.body ?? null)}
      >
        {shown}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={home}>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4} collisionPadding={8}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
