-- SPDX-License-Identifier: EUPL-1.2
-- Tiles of maps that others publish, kept for a city: the server writes down
-- which ones somebody waits for, the courier fetches them. So no citizen's
-- address gets to whom the map belongs.

-- Which address the tiles are from: another one begins anew.
create function stadtkern.basemap_source(url text) returns text
    language sql immutable strict parallel safe
    return left(encode(sha256(convert_to(url, 'UTF8')), 'hex'), 16);

create table stadtkern.basemap_tile (
	tenant_id	int not null,
	source		text not null,
	z		int not null check (z between 0 and 22),
	x		int not null check (x >= 0 and x < 1 << z),
	y		int not null check (y >= 0 and y < 1 << z),
	media_type	text,		-- null: nothing is there, or not yet
	content		bytea,
	hash		text,		-- of the content: our entity tag
	etag		text,		-- theirs, to ask with again
	fetched_at	timestamptz,	-- null: not yet
	expires_at	timestamptz,
	wanted_at	timestamptz,	-- null: nobody waits
	claimed_until	timestamptz,
	retry_at	timestamptz not null default now(),
	primary key (tenant_id, source, z, x, y),
	check ((media_type is null) = (content is null)),
	check ((fetched_at is null) = (expires_at is null))
);
-- Pictures do not get smaller.
alter table stadtkern.basemap_tile alter column content set storage external;
create index basemap_tile_wanted on stadtkern.basemap_tile (wanted_at)
    where wanted_at is not null;
create index basemap_tile_fetched
    on stadtkern.basemap_tile (tenant_id, fetched_at);
select stadtkern.tenant_table('stadtkern.basemap_tile');
revoke insert, update, delete on stadtkern.basemap_tile
    from stadtkern_public;
revoke all on stadtkern.basemap_tile from stadtkern_office;
-- The courier fetches for all tenants.
create policy every_tenant on stadtkern.basemap_tile
    to stadtkern_courier using (true) with check (true);

-- A map's server that does not answer is left alone for a while.
create table stadtkern.basemap_pause (
	tenant_id	int not null,
	source		text not null,
	failures	int not null default 1,
	until		timestamptz not null,
	primary key (tenant_id, source)
);
select stadtkern.tenant_table('stadtkern.basemap_pause');
revoke insert, update, delete on stadtkern.basemap_pause
    from stadtkern_public;
revoke all on stadtkern.basemap_pause from stadtkern_office;
create policy every_tenant on stadtkern.basemap_pause
    to stadtkern_courier using (true) with check (true);

-- Has the tile fetched, or fetched anew. Bounded: what waits at once, and what
-- is kept, a quarter above what the schedule leaves, as that comes by the hour.
create function stadtkern.basemap_want(url text, z int, x int, y int)
    returns void language plpgsql volatile security definer
    set search_path = stadtkern, public, pg_temp
as $$
begin
	if exists (select from basemap_tile t where t.tenant_id = tenant()
	    and t.wanted_at is not null offset 499) then
		return;
	end if;
	update basemap_tile t set wanted_at = now()
	where t.tenant_id = tenant()
	    and t.source = basemap_source(basemap_want.url)
	    and t.z = basemap_want.z and t.x = basemap_want.x
	    and t.y = basemap_want.y
	    and t.wanted_at is null and t.retry_at <= now()
	    -- It may have come since the caller looked.
	    and coalesce(t.expires_at <= now(), true);
	if not found and not exists (select from basemap_tile t
	    where t.tenant_id = tenant() offset 24999) then
		insert into basemap_tile (tenant_id, source, z, x, y, wanted_at)
		values (tenant(), basemap_source(basemap_want.url),
		    basemap_want.z, basemap_want.x, basemap_want.y, now())
		on conflict do nothing;
	end if;
	if found then
		perform pg_notify('stadtkern_basemap', '');
	end if;
end
$$;
