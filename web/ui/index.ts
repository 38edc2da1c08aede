/** The parts that every page of the console is made of: one of each kind. */
export { Avatar, type AvatarProps, colourOf, initialsOf } from './avatar.tsx';
export { Badge, type BadgeProps } from './badge.tsx';
export { Button, type ButtonLook, type ButtonProps, buttonClass, IconButton, type IconButtonProps } from './button.tsx';
export { classNames } from './class-names.ts';
export { ConfirmDialog, type ConfirmDialogProps, Dialog, type DialogProps } from './dialog.tsx';
export { EmptyState, type EmptyStateProps } from './empty-state.tsx';
export {
  type ControlProps,
  Field,
  type FieldProps,
  Input,
  TextArea,
  TextField,
  type TextFieldProps,
} from './field.tsx';
export { Form, type FormProps } from './form.tsx';
export {
  Menu,
  MenuChoices,
  type MenuChoicesProps,
  MenuItem,
  type MenuItemProps,
  MenuLine,
  type MenuProps,
} from './menu.tsx';
export { PageHeader, type PageHeaderProps } from './page-header.tsx';
export { SearchBox, type SearchBoxProps } from './search-box.tsx';
export { type Choice, Select, type SelectProps } from './select.tsx';
export { Shell, type ShellProps } from './shell.tsx';
export { Skeleton } from './skeleton.tsx';
export { type Column, Table, type TableProps } from './table.tsx';
export { type Tab, Tabs, type TabsProps } from './tabs.tsx';
export { type Theme, useTheme } from './theme.ts';
export { type ShowToast, ToastProvider, useToast } from './toast.tsx';
export { Tool, Toolbar, type ToolbarProps, ToolLine, type ToolProps } from './toolbar.tsx';
export { Tooltip, type TooltipProps } from './tooltip.tsx';
export { type Form as FormState, type FormOptions, type FormProblems, useForm } from './use-form.ts';
