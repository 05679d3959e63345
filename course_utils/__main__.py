"""Run the commands: python -m course_utils."""

import sys


def main() -> int:
    """Run a command; where packages are missing, say which."""
    try:
        from course_utils.cli.main import main as run_command
    except ImportError as error:
        from course_utils.environment.doctor import examine, report

        print(report(examine()))
        print(f"course_utils: the commands need all packages ({error})")
        return 2
    return run_command()


if __name__ == "__main__":
    sys.exit(main())
