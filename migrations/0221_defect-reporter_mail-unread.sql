-- SPDX-License-Identifier: EUPL-1.2
-- Tickets with mail that nobody has read, as one more filter of the list.

do $$
declare
	was	text := pg_get_functiondef('defect_reporter.ticket_ids(jsonb,
		    text, text, int)'::regprocedure);
	its	text;
begin
	its := replace(was, $q$('answer', 'exists (select from draft d'$q$,
	    $q$('mail', 'exists (select from correspondence c'
		' where c.tenant_id = $2 and c.report_id = r.id'
		' and c.read_at is null)'),
	    ('answer', 'exists (select from draft d'$q$);
	its := replace(its, $q$or (filter ->> 'photo')::bool$q$,
	    $q$or (filter ->> 'photo')::bool
	    or (filter ->> 'mail')::bool$q$);
	if strpos(its, $q$('mail', $q$) = 0
	    or strpos(its, $q$(filter ->> 'mail')$q$) = 0 then
		raise 'ticket_ids() is not as it was';
	end if;
	execute its;
end
$$;
