/* SPDX-License-Identifier: EUPL-1.2 */
/* Runs a fuzz target over each file of the folders given: no fuzzer needed. */

#include <sys/types.h>

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int
replay_file(const char *path)
{
	uint8_t		*data;
	FILE		*file;
	size_t		 len;
	long		 end;

	if ((file = fopen(path, "rb")) == NULL)
		return (-1);
	if (fseek(file, 0, SEEK_END) == -1 || (end = ftell(file)) == -1 ||
	    fseek(file, 0, SEEK_SET) == -1) {
		(void)fclose(file);
		return (-1);
	}
	/* Exactly as long as the input, so that an over-read is seen. */
	data = malloc(end == 0 ? 1 : (size_t)end);
	if (data == NULL) {
		(void)fclose(file);
		return (-1);
	}
	len = fread(data, 1, (size_t)end, file);
	(void)fclose(file);
	(void)LLVMFuzzerTestOneInput(data, len);
	free(data);
	return (0);
}

static int
replay_dir(const char *name, unsigned int *count)
{
	char			 path[4096];
	const struct dirent	*entry;
	DIR			*dir;

	if ((dir = opendir(name)) == NULL) {
		perror(name);
		return (-1);
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", name, entry->d_name);
		if (replay_file(path) == -1) {
			perror(path);
			(void)closedir(dir);
			return (-1);
		}
		(*count)++;
	}
	(void)closedir(dir);
	return (0);
}

int
main(int argc, char **argv)
{
	unsigned int	 count;
	int		 i;

	count = 0;
	for (i = 1; i < argc; i++) {
		if (replay_dir(argv[i], &count) == -1)
			return (1);
	}
	if (count == 0) {
		(void)fprintf(stderr, "no seeds\n");
		return (1);
	}
	(void)printf("%u seeds replayed\n", count);
	return (0);
}
