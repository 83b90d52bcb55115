"""(plan, item, view, now) → decision. Pure: the same question always has the same answer."""
