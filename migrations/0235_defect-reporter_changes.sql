-- SPDX-License-Identifier: EUPL-1.2
-- The history says what a change made of what.

-- { "category": { "from": …, "to": … }, … } of what staff can change and that
-- differs; what there was not, or is no more, is left out.
alter table defect_reporter.event add column changes jsonb;

create function defect_reporter.changes(was defect_reporter.report,
    its defect_reporter.report) returns jsonb language sql stable
    set search_path = defect_reporter, pg_temp
begin atomic
	select jsonb_object_agg(f.name, jsonb_strip_nulls(
	    jsonb_build_object('from', f.was, 'to', f.its)))
	from (values
	    ('category', to_jsonb(was.category), to_jsonb(its.category)),
	    ('position', case when was.lat is not null then
		jsonb_build_object('lat', was.lat, 'lon', was.lon) end,
		case when its.lat is not null then
		jsonb_build_object('lat', its.lat, 'lon', its.lon) end),
	    ('address', to_jsonb(was.address), to_jsonb(its.address)),
	    ('priority', to_jsonb(was.priority), to_jsonb(its.priority)),
	    ('due_on', case when isfinite(was.due_on) then
		to_jsonb(was.due_on) end, case when isfinite(its.due_on) then
		to_jsonb(its.due_on) end)) f (name, was, its)
	where f.was is distinct from f.its;
end;
