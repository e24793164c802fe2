-- Days that come near, and the monthly report. The list only grows, so what is stored already satisfies it.
-- squawk-ignore ban-drop-constraint
ALTER TABLE notice DROP CONSTRAINT notice_kind_check;
ALTER TABLE notice ADD CONSTRAINT notice_kind_check CHECK (kind IN ('acknowledgement', 'delay', 'cleared', 'pushed_back',
    'returned', 'denied', 'approved', 'replaced', 'alert', 'escalation', 'blind', 'due_moved', 'message', 'contact',
    'changed', 'please_read', 'task', 'course_confirmed', 'i20_ready', 'digest', 'consultation', 'ending', 'start_near',
    'term_near', 'report')) NOT VALID;
