/** Which of the shell's own sheets is open. */
class Shell {
  palette = $state(false);
  shortcuts = $state(false);
  tour = $state(false);
}

export const shell = new Shell();
