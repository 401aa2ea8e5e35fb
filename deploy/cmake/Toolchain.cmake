# Compiler flags, ccache and linker. Included once, from the top.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

# Two cores: one link at a time, so that a link never swaps out two compilers.
set_property(GLOBAL APPEND PROPERTY JOB_POOLS link_pool=1)
set(CMAKE_JOB_POOL_LINK link_pool)

find_program(LLD ld.lld NAMES ld.lld ld.lld-19)
if(LLD)
  add_link_options(-fuse-ld=lld)
endif()

add_library(dockline_flags INTERFACE)
target_compile_options(dockline_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside its own headers at -O2 (std::string, std::variant).
  target_compile_options(dockline_flags INTERFACE
    -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-dangling-pointer
    -Wno-missing-field-initializers)
else()
  target_compile_options(dockline_flags INTERFACE -Wno-missing-designated-field-initializers
    -Wno-missing-field-initializers)
endif()
if(DOCKLINE_FLAVOUR STREQUAL "dev")
  add_compile_options(-O1 -g1)
  add_compile_definitions(_GLIBCXX_ASSERTIONS DOCKLINE_ASSUME_FATAL)
elseif(DOCKLINE_FLAVOUR STREQUAL "sim")
  # The simulator's own build: faster than what ships, assumptions fatal, known bugs to plant.
  # One program at a fixed address: calls within it need no table.
  set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
  set(not_shared "$<NOT:$<STREQUAL:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY>>")
  add_compile_options(-O2 -g1 $<${not_shared}:-fno-pie>)
  add_link_options($<${not_shared}:-no-pie>)
  add_compile_definitions(DOCKLINE_ASSUME_FATAL DOCKLINE_PLANTS)
else()
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
endif()
if(DOCKLINE_SANITIZE)
  add_compile_options(-fsanitize=${DOCKLINE_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${DOCKLINE_SANITIZE})
endif()
if(DOCKLINE_SANITIZE MATCHES "thread")
  # ThreadSanitizer knows no fences; Asio offers to do without them.
  add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
  add_compile_options(-Wno-tsan)
endif()
if(DOCKLINE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined)
  add_link_options(-fsanitize=address,undefined)
endif()
# Asio and Beast compile once, into dockline_asio (see shared/runtime/asio_impl.cpp).
add_compile_definitions(BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                        BOOST_ASIO_NO_DEPRECATED BOOST_ERROR_CODE_HEADER_ONLY)
