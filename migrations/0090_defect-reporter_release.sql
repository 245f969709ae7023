-- SPDX-License-Identifier: EUPL-1.2
-- What becomes public of a photo: areas that nobody is to see are burnt into a
-- new picture by the courier. The one that the office looks at stays.

-- `areas` is what is wanted, `redaction` names the burning that is under way.
-- A public photo shows what it showed until its new picture is there.
alter table defect_reporter.photo
    add column areas jsonb not null default '[]',
    add column redaction uuid,
    add column redacted_picture uuid,
    add column redacted_thumbnail uuid,
    add column redaction_state text not null generated always as (case
	when redaction is not null then 'waiting'
	when areas = '[]' then 'none'
	when redacted_picture is not null then 'done'
	else 'failed' end) stored,
    add column public_picture uuid generated always as
	(coalesce(redacted_picture, picture)) stored,
    add column public_thumbnail uuid generated always as
	(coalesce(redacted_thumbnail, thumbnail)) stored,
    add check ((redacted_picture is null) = (redacted_thumbnail is null)),
    add check (state <> 'released' or not (redaction is null
	and areas <> '[]' and redacted_picture is null));
grant select (redaction_state, public_picture, public_thumbnail)
    on defect_reporter.photo to stadtkern_public;

-- The history knows more; what others have added to it stays.
do $$
declare
	kinds	text;
begin
	select string_agg(quote_literal(k), ', ') into kinds from (
	    select (regexp_matches(pg_get_constraintdef(c.oid),
		'''([a-z-]+)''', 'g'))[1]
	    from pg_constraint c
	    where c.conrelid = 'defect_reporter.event'::regclass
		and c.conname = 'event_kind_check'
	    union select unnest(array['photo-added', 'photo-redacted',
		'redaction-failed', 'divided', 'remark-released',
		'remark-rejected', 'forward-accepted', 'forward-refused',
		'forward-answered', 'forward-closed', 'forward-revoked',
		'forward-resent', 'forward-prolonged', 'forward-reminded',
		'forward-expired'])) x (k);
	execute format('alter table defect_reporter.event'
	    ' drop constraint event_kind_check,'
	    ' add constraint event_kind_check check (kind in (%s))', kinds);
end
$$;
