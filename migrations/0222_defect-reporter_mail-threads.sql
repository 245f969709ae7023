-- SPDX-License-Identifier: EUPL-1.2
-- What a department writes back about a forwarded ticket is bundled with it.

create or replace function defect_reporter.forwarding_tell(
    f defect_reporter.forwarding, department text, number bigint, what text)
    returns bigint language sql volatile security definer
    set search_path = defect_reporter, stadtkern, public, pg_temp
begin atomic
	select stadtkern.job_put('mail', jsonb_build_object(
	    'plugin', 'defect-reporter', 'template', 'forward-' || what,
	    'language', 'de', 'to', coalesce(c.its #>> array['departments',
		department, 'email'], c.its ->> 'email'),
	    'thread', jsonb_build_object('id', f.report_id,
		'party', 'department', 'number', number::text),
	    'arguments', jsonb_build_object('number', number,
		'body', coalesce(defect_reporter.body_of(f.outside_body)
		    ->> 'name', f.outside_body))))
	from (select t.config::json -> 'tenant' as its from stadtkern.tenant t
	    where t.id = stadtkern.tenant()) c;
end;
